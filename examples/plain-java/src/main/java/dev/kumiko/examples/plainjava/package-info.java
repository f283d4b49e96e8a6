/** A small application on Kumiko alone. */
package dev.kumiko.examples.plainjava;
