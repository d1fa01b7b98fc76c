"""What every plan is read with, read as this is imported: processes forked from one that has
imported it share the model of names and the dictionary."""

from kg.extract.tagger import shipped
from kg.lexicon.dictionary import cut

shipped()
cut("")
