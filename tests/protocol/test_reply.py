"""The buffer of an answer: filled in place, as long after the answer as before it."""

from protocol import codes, frame
from protocol.reply import Reply


def test_a_json_answer_is_written_into_the_buffer_and_does_not_make_it_longer() -> None:
    reply = Reply()
    reply.start(None)
    length = len(reply.buffer)
    reply.buffer[frame.PAYLOAD_AT :] = b"\xaa" * (length - frame.PAYLOAD_AT)

    assert reply.json([("passed", 1)]) == codes.RESULT_OK

    written = b'{"passed":1}'
    assert reply.size == len(written)
    assert reply.buffer[frame.PAYLOAD_AT :].startswith(written + b"\xaa")
    assert len(reply.buffer) == length
