/** Kumiko for LangChain4j: embeddings, scores, splitting and counting without a native library. */
package dev.kumiko.langchain4j;
