"""Runs test modules of the standard library: outcomes.py FILE MODULE ...

Writes to FILE, as JSON, what came of each test: {"test id": "success" | "failure" | ...}.
"""

import json
import sys
import unittest


class Outcomes(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.of = {}

    def note(self, test, outcome):
        self.of[test.id()] = outcome

    def addSuccess(self, test):
        self.of.setdefault(test.id(), "success")

    def addFailure(self, test, error):
        self.note(test, "failure")

    def addError(self, test, error):
        self.note(test, f"error: {error[0].__name__}")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.note(test, f"error: {error[0].__name__}")

    def addSkip(self, test, reason):
        self.note(test, "skipped")

    def addExpectedFailure(self, test, error):
        self.note(test, "expected failure")

    def addUnexpectedSuccess(self, test):
        self.note(test, "unexpected success")


outcomes = Outcomes()
for module in sys.argv[2:]:
    unittest.defaultTestLoader.loadTestsFromName(module).run(outcomes)
with open(sys.argv[1], "w") as file:
    json.dump(outcomes.of, file)
