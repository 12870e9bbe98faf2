"""The checker of the agents' records: it finds each breach that is planted, and nothing in what is well."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)) + "/../../cli/lab")

import records  # noqa: E402

A, B = ("n1", "boot-a"), ("n2", "boot-b")


class Story:
    """Lines as the Recorder writes them, one second apart."""

    def __init__(self):
        self.now, self.lines, self.power, self.pids = 0, [], [], 0

    def begin(self, where, operation):
        self.now, self.pids = self.now + 1, self.pids + 1
        self.lines.append("%d %s %s work %s 0 begin - %d" % (self.now, *where, operation, self.pids))
        return where, operation, self.pids

    def end(self, run, rc=0):
        where, operation, pid = run
        self.now += 1
        self.lines.append("%d %s %s work %s 0 end %d %d" % (self.now, *where, operation, rc, pid))

    def whole(self, where, operation, rc=0):
        self.end(self.begin(where, operation), rc)

    def off(self, where):
        self.now += 1
        self.power.append((float(self.now), where[0], "off", where[1]))

    def complaints(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as file:
            file.write("\n".join(self.lines) + "\n")
        try:
            return records.complaints(records.read(file.name), self.power)
        finally:
            os.unlink(file.name)


def expect(story, word):
    found = story.complaints()
    if word is None:
        assert not found, "nothing is wrong: %s" % found
    else:
        assert len(found) == 1 and word in found[0], "%s is found, once: %s" % (word, found)


def moved_in_order():
    story = Story()
    story.whole(A, "start")
    story.whole(A, "stop")
    story.whole(B, "start")
    expect(story, None)


def recovered_after_power_off():
    story = Story()
    story.whole(A, "start")
    story.off(A)
    story.whole(B, "start")
    expect(story, None)


def started_before_power_off():
    story = Story()
    story.whole(A, "start")
    story.whole(B, "start")
    story.off(A)
    expect(story, "ran twice")


def started_while_it_is_stopped():
    story = Story()
    story.whole(A, "start")
    stop = story.begin(A, "stop")
    start = story.begin(B, "start")
    story.end(stop)
    story.end(start)
    expect(story, "ran twice")


def failed_stop_ends_nothing():
    story = Story()
    story.whole(A, "start")
    story.whole(A, "stop", rc=1)
    story.whole(B, "start")
    expect(story, "ran twice")


def a_start_that_never_ended():
    story = Story()
    story.begin(A, "start")
    story.whole(B, "start")
    expect(story, "ran twice")


def killed_and_tried_again():
    story = Story()
    story.whole(A, "start")
    story.begin(A, "stop")
    story.whole(A, "stop")
    expect(story, None)


def two_at_once():
    story = Story()
    start = story.begin(A, "start")
    story.whole(A, "monitor")
    story.end(start)
    expect(story, "at once")


def main():
    for story in (moved_in_order, recovered_after_power_off, started_before_power_off, started_while_it_is_stopped,
                  failed_stop_ends_nothing, a_start_that_never_ended, killed_and_tried_again, two_at_once):
        story()
    print("ok")


if __name__ == "__main__":
    main()
