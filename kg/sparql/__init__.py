"""Bounded evaluation of SPARQL: requests go to processes that can be killed and are replaced at
once.

`client` asks, `pool` keeps the processes, `evaluate` works in them on an embedded store and
`engine` on one elsewhere. Most queries are plain ones (`plain`): where a client goes on asking
them, its connection is lent to a process that answers on it (`lent`).
"""

from kg.sparql.client import Answer, BrokenAnswerError, QueryClient
from kg.sparql.refusal import syntax_problem
from kg.sparql.request import Limits, Request

__all__ = ["Answer", "BrokenAnswerError", "Limits", "QueryClient", "Request", "syntax_problem"]
