/** A small application that trains a model. */
package dev.kumiko.examples.training;
