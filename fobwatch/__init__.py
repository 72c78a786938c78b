"""Fobwatch: staff use their own phones and laptops for work, safely, and the organisation can show it."""
