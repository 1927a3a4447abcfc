"""The board, the nights and the free beds for programs."""
