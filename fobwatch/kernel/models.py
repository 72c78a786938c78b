"""The base of every table: a text id, and loading within one organisation."""

import uuid
from typing import Self

from django.db import models


def new_id() -> str:
    """A fresh random identifier, 32 hexadecimal characters: text, so that both databases answer alike."""
    return uuid.uuid4().hex


class Base(models.Model):
    """A table with a random text key."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)

    class Meta:
        abstract = True


class Tenanted(Base):
    """A row that belongs to one organisation and is only ever loaded within it."""

    class Meta:
        abstract = True

    @classmethod
    def within(cls, organisation: models.Model) -> "models.QuerySet[Self]":
        """The rows of this organisation: the only way in which a page loads them."""
        return cls._default_manager.filter(organisation=organisation)
