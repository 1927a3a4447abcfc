"""The edge of the API: reading strictly, answering by a schema, and the document made from both."""
