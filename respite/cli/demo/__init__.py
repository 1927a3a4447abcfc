"""The demo houses: a believable week around today, made by nothing but the product's own use cases."""
