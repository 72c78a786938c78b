"""The demo: fictional organisations, people and devices, made by the same actions as real ones, and marked as demo."""
