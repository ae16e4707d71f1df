//! Ways that lead nowhere: addresses that swallow everything, hosts that nobody knows, networks without a route.

use super::room::{Etc, Room};
use super::{Case, Programs, World, try_all};
use anyhow::Result;

/// The room is 10.20.0.1 on a cable whose other end takes nothing: the gateway's hardware address is nobody's. The other routes
/// are those that routers and firewalls give.
const SETUP: &str = "ip link add near type veth peer name far
ip addr add 10.20.0.1/24 dev near
ip link set near up
ip link set far up
echo 1 > /proc/sys/net/ipv4/neigh/near/mcast_solicit
ip neigh add 10.20.0.254 lladdr 02:00:00:00:00:fe dev near nud permanent
ip route add 10.77.0.0/16 via 10.20.0.254
ip route add 203.0.113.0/24 via 10.20.0.254
ip route add unreachable 10.78.0.0/16
ip route add unreachable 198.51.100.0/24
ip route add prohibit 192.0.2.0/24";

pub(super) fn run(world: &World, programs: &Programs) -> Result<usize> {
    let folder = world.folder.join("parties/reach");
    let hosts =
        "10.77.0.5 private.example\n203.0.113.5 public.example\n10.20.0.1 mixed.example\n10.77.0.5 mixed.example\n";
    let room = Room::open(&folder, &Etc { resolver: "", hosts }, SETUP)?;
    room.nginx("server { listen 10.20.0.1:8080; return 200; }", &["tcp:8080"])?;
    try_all(&room, programs, &cases())
}

fn cases() -> Vec<Case> {
    let once = |rest: &str| format!("once {rest} --timeout 1s");
    let unreachable = |name, arguments: &str| {
        let case = Case::new(name, arguments).exits(4);
        case.says("healthcheck probe").says("allow this machine's address").says("a runner of your own")
    };
    vec![
        unreachable("a private address that swallows all", &once("http://10.77.0.5:8080/"))
            .says("10.77.0.5:8080 did not answer the connection attempt within 1"),
        unreachable("the same by TCP", &once("tcp://10.77.0.5:8080")),
        unreachable("the same by TLS", &once("https://10.77.0.5:8443/")),
        unreachable("the same by gRPC", &once("grpc://10.77.0.5:50051")),
        unreachable("the same by name", &once("http://private.example:8080/")),
        unreachable("two of them", &once("http://shop.example/ --address 10.77.0.5 10.77.0.6"))
            .says("0 of 2 instances"),
        unreachable(
            "the same while waiting",
            "wait http://10.77.0.5:8080/ --timeout 500ms --interval 200ms --deadline 2s",
        ),
        unreachable("a private address without a neighbour", "once http://10.20.0.77:8080/ --timeout 8s"),
        unreachable("a private address that a router refuses", &once("http://10.78.0.5:8080/")),
        unreachable("a private network without a route", &once("http://192.168.7.7:8080/")),
        unreachable("a private network of IPv6 without a route", &once("http://[fd00:7::7]:8080/")),
        Case::new("a private address that answers", &once("http://10.20.0.1:8080/")),
        Case::new(
            "one that answers proves the way",
            &once("http://shop.example/ --address 10.20.0.1:8080 10.77.0.5:8080"),
        )
        .exits(1)
        .says("1 of 2 instances healthy")
        .silent("a runner of your own"),
        Case::new("the same by name", &once("http://mixed.example:8080/")).exits(1).silent("a runner of your own"),
        Case::new("a closed port proves it too", &once("http://shop.example/ --address 10.20.0.1:8099 10.77.0.5:8080"))
            .exits(1),
        Case::new("a public address that swallows all", &once("http://203.0.113.5/"))
            .exits(1)
            .silent("a runner of your own"),
        Case::new("the same by name", &once("https://public.example/")).exits(1),
        Case::new("a public address that a router refuses", &once("http://198.51.100.5/")).exits(1),
        Case::new("a public network without a route", &once("http://[2001:db8::5]/")).exits(3).says("no route"),
        Case::new("the same by IPv4", &once("http://8.8.8.8/")).exits(3).says("no route"),
        Case::new("a network that this machine may not use", &once("http://192.0.2.5/")).exits(3),
    ]
}
