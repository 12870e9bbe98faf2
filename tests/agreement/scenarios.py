"""Where the scenarios are: tests/agreement/scenarios, and the examples, called `example-NAME`."""
import os

HERE = os.path.dirname(os.path.realpath(__file__))
# What the other examples have (bundles, guests, tests that let ten minutes pass) no lab can play.
EXAMPLES = ("geo", "nfs", "pbx")


def names():
    return sorted(name[:-len(".picket")] for name in os.listdir(HERE + "/scenarios") if name.endswith(".picket")) + \
        ["example-" + name for name in EXAMPLES]


def path(name):
    if not name.startswith("example-"):
        return "%s/scenarios/%s.picket" % (HERE, name)
    example = name[len("example-"):]
    folder = "%s/../../examples/%s/" % (HERE, example)
    tests = folder + example + "_test.picket"
    return tests if os.path.exists(tests) else folder + example + ".picket"
