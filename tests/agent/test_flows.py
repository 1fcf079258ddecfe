import socket

from svcproof.model.probe import Outcome, Protocol, Target


def test_a_stream_stays_one_connection(client, backend):
    target = backend.serving("tcp")
    before = backend.vantage.arrived(Protocol.TCP, target.port)

    with client.vantage.stream(target) as stream:
        seen = stream.exchange(times=3) + stream.exchange(size=5000)

    assert seen.all_answered
    assert {answer.source_port for answer in seen.answers} == {stream.source_port}
    assert backend.vantage.arrived(Protocol.TCP, target.port) == before + 1


def test_a_stream_outlives_its_listener(client, backend):
    target = backend.serving("tcp")

    with client.vantage.stream(target) as stream:
        stream.exchange()
        backend.vantage.unserve(Protocol.TCP, target.port)

        assert stream.exchange().all_answered
        assert client.vantage.tcp(target).outcomes == {Outcome.REFUSED}


def test_a_stream_whose_backend_dies_is_refused(start, client):
    with start("mortal") as mortal, client.vantage.stream(mortal.serving("tcp")) as stream:
        assert stream.exchange().all_answered
        mortal.process.kill()
        mortal.process.wait()

        assert stream.exchange().outcomes == {Outcome.REFUSED}
        assert stream.exchange(times=2).outcomes == {Outcome.REFUSED}


def test_a_stream_that_is_not_accepted_is_refused_when_asked(client):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with client.vantage.stream(Target("127.0.0.1", closed.getsockname()[1])) as stream:
            assert stream.exchange().errors == {"ECONNREFUSED"}


def test_a_udp_flow_keeps_its_port(client, backend):
    target = backend.serving("udp")

    with client.vantage.udp_flow(target) as flow:
        seen = flow.exchange(times=5)

    assert seen.all_answered
    assert {answer.source_port for answer in seen.answers} == {flow.source_port}


def test_a_udp_flow_can_have_a_port_of_choice(client, backend):
    with socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("", 0))
        port = free.getsockname()[1]

    with client.vantage.udp_flow(backend.serving("udp"), source_port=port) as flow:
        assert flow.source_port == port
        assert flow.exchange().answers[0].source_port == port


def test_a_udp_flow_recovers_when_somebody_answers_again(client, backend):
    target = backend.serving("udp")
    backend.vantage.unserve(Protocol.UDP, target.port)
    with client.vantage.udp_flow(target) as flow:
        assert flow.exchange(times=2).outcomes == {Outcome.REFUSED}

        backend.vantage.serve(Protocol.UDP, target.port)

        assert flow.exchange(times=2).all_answered
