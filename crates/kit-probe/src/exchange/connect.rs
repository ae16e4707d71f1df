//! Sockets: connecting, and what the errors of the system mean.

use super::clock::{Clock, shown, us};
use crate::event::{Blame, Cause, Fault};
use rustix::io::Errno;
use std::io::{Error, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::Instant;

/// What bytes go through: a socket, or TLS over something. Boxed, so that HTTP is compiled once.
pub(super) type Stream = Box<dyn Duplex>;

/// Both directions.
pub(super) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Connects, and tells how long it took, µs.
pub(super) async fn connect(to: SocketAddr, clock: &Clock) -> Result<(TcpStream, u64), Fault> {
    let began = Instant::now();
    match clock.within(TcpStream::connect(to)).await {
        None => Err(Fault {
            cause: Cause::ConnectTimedOut,
            message: format!("{to} did not answer the connection attempt within {}", shown(began.elapsed())),
        }),
        Some(Err(error)) => Err(refused(to, &error, began)),
        Some(Ok(stream)) => {
            // A request of several small writes must not wait for acknowledgements. Without it things are only slower.
            let _ = stream.set_nodelay(true);
            Ok((stream, us(began.elapsed())))
        }
    }
}

/// Connects to the first of the addresses that accepts; each has an equal share of the time that is left.
pub(super) async fn connect_any(
    addresses: &[IpAddr],
    port: u16,
    clock: &Clock,
) -> Result<(TcpStream, SocketAddr, u64), Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for (index, address) in addresses.iter().enumerate() {
        let to = SocketAddr::new(*address, port);
        match connect(to, &clock.share(addresses.len() - index)).await {
            Ok((stream, took_us)) => return Ok((stream, to, took_us)),
            // Without descriptors or permission the next address fares no better.
            Err(fault) if fault.cause == Cause::SocketFailed => return Err(fault),
            Err(fault) => faults.push(fault),
        }
    }
    // An address that refuses says more about the target than one that nothing is heard of.
    let most_telling = faults.iter().position(|fault| fault.cause.blame() == Blame::Target).unwrap_or(0);
    let others = faults.len().saturating_sub(1);
    match faults.into_iter().nth(most_telling) {
        Some(fault) if others == 0 => Err(fault),
        Some(fault) => Err(Fault {
            cause: fault.cause,
            message: format!("{}; {others} more of its addresses failed too", fault.message),
        }),
        None => Err(Fault { cause: Cause::NameNotFound, message: "there is no address to connect to".to_owned() }),
    }
}

fn refused(to: SocketAddr, error: &Error, began: Instant) -> Fault {
    let cause = cause(error, Cause::SocketFailed);
    let after = shown(began.elapsed());
    let message = match cause {
        Cause::ConnectRefused => format!("{to} refused the connection after {after}: nothing listens on this port"),
        Cause::TimedOut => format!("{to} did not answer the connection attempt within {after}"),
        Cause::HostUnreachable => format!("there is no way to the host {to} (after {after})"),
        Cause::NetworkUnreachable => format!("this machine has no route to {to}"),
        Cause::Reset => format!("{to} reset the connection while it was made, after {after}"),
        _ => format!("this machine could not make a socket to {to}: {error}"),
    };
    // While connecting, the system's own time limit is the same as ours.
    Fault { cause: if cause == Cause::TimedOut { Cause::ConnectTimedOut } else { cause }, message }
}

/// What an error of the system means; `otherwise` for those that say nothing about the network.
pub(super) fn cause(error: &Error, otherwise: Cause) -> Cause {
    if let Some(errno) = Errno::from_io_error(error) {
        // Descriptors, memory, buffers and permission: connect(2), socket(2).
        let own = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM, Errno::ACCESS, Errno::PERM];
        if own.contains(&errno) || errno == Errno::ADDRNOTAVAIL {
            return Cause::SocketFailed;
        }
        if errno == Errno::AFNOSUPPORT || errno == Errno::NETDOWN {
            return Cause::NetworkUnreachable;
        }
        if errno == Errno::HOSTDOWN {
            return Cause::HostUnreachable;
        }
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Cause::ConnectRefused,
        ErrorKind::HostUnreachable => Cause::HostUnreachable,
        ErrorKind::NetworkUnreachable => Cause::NetworkUnreachable,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::NotConnected
        | ErrorKind::UnexpectedEof => Cause::Reset,
        ErrorKind::TimedOut => Cause::TimedOut,
        _ => otherwise,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::net::{TcpListener, TcpSocket};

    fn clock(ms: u64) -> Clock {
        Clock::new(Duration::from_millis(ms), Instant::now() + Duration::from_secs(60))
    }

    #[tokio::test]
    async fn one_dead_address_of_two_is_passed_over() {
        let listener = TcpListener::bind("127.0.0.3:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let [dead, alive, other] = ["127.0.0.2", "127.0.0.3", "127.0.0.4"].map(|text| text.parse().unwrap());
        let (_, to, _) = connect_any(&[dead, alive], port, &clock(10_000)).await.unwrap();
        assert_eq!(to.ip(), alive);
        let fault = connect_any(&[dead, other], port, &clock(10_000)).await.unwrap_err();
        assert_eq!(fault.cause, Cause::ConnectRefused);
        assert!(fault.message.ends_with("; 1 more of its addresses failed too"), "{}", fault.message);
    }

    #[tokio::test]
    async fn an_attempt_that_nobody_answers_ends_in_time() {
        // A full queue of connections that nobody accepts: the system drops what comes next.
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let to = listener.local_addr().unwrap();
        let mut held = Vec::new();
        let fault = loop {
            match connect(to, &clock(300)).await {
                Ok(stream) => held.push(stream),
                Err(fault) => break fault,
            }
            assert!(held.len() < 20, "the queue has no end");
        };
        assert_eq!(fault.cause, Cause::ConnectTimedOut);
        assert!(
            fault.message.starts_with(&format!("{to} did not answer the connection attempt within 3")),
            "{}",
            fault.message
        );
    }

    #[test]
    fn errors_of_the_system_have_their_causes() {
        let expected = [
            (Errno::CONNREFUSED, Cause::ConnectRefused),
            (Errno::HOSTUNREACH, Cause::HostUnreachable),
            (Errno::NETUNREACH, Cause::NetworkUnreachable),
            (Errno::AFNOSUPPORT, Cause::NetworkUnreachable),
            (Errno::CONNRESET, Cause::Reset),
            (Errno::PIPE, Cause::Reset),
            (Errno::TIMEDOUT, Cause::ConnectTimedOut),
            (Errno::MFILE, Cause::SocketFailed),
            (Errno::NFILE, Cause::SocketFailed),
            (Errno::ACCESS, Cause::SocketFailed),
            (Errno::PERM, Cause::SocketFailed),
            (Errno::ADDRNOTAVAIL, Cause::SocketFailed),
            (Errno::NOBUFS, Cause::SocketFailed),
            (Errno::INVAL, Cause::SocketFailed),
        ];
        for (errno, cause) in expected {
            let fault = refused("192.0.2.1:80".parse().unwrap(), &Error::from(errno), Instant::now());
            assert_eq!(fault.cause, cause, "{errno:?}");
            assert!(fault.message.contains("192.0.2.1:80"), "{}", fault.message);
        }
    }
}
