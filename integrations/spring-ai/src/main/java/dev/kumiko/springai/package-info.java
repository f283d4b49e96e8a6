/**
 * Kumiko in Spring AI. Start with {@link dev.kumiko.springai.KumikoEmbeddingModel}; the Spring Boot
 * starter makes one by itself.
 */
package dev.kumiko.springai;
