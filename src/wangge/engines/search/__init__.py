"""Search: a text as short tokens for an inverted index, and a query as what such an index must hold."""

from wangge.engines.search.tokens import highlights, parts, query, tokens

__all__ = ["highlights", "parts", "query", "tokens"]
