/**
 * Kumiko in Spring Boot: an embedding model of Spring AI, made as {@link
 * dev.kumiko.spring.boot.KumikoProperties} say.
 */
package dev.kumiko.spring.boot;
