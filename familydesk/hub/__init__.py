"""The hub: keeps a center's envelopes in order and gives them out. It can read none of them."""
