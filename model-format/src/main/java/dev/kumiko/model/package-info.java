/** What a program learns of a model: its facts, how its vectors are compared, what is wrong. */
package dev.kumiko.model;
