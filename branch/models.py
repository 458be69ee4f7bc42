"""Index of the branch floor. Django finds the tables here; people find the rooms here."""

from branch.close_of_business.models import CloseChunk, CloseRun, CloseStep
from branch.demo_year.models import DemoYear

__all__ = ["CloseChunk", "CloseRun", "CloseStep", "DemoYear"]
