/** Makes Kumiko the model that LangChain4j finds by itself. */
package dev.kumiko.langchain4j.spi;
