//! Addresses of the internet: their octets, in the order in which people write them.
//!
//! In: the address types of std. Out: `repr(C)` structs of octets and numbers. It does not know sockets or names.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use super::{Invalid, PluginType, built_in, lent_as_it_is};
use crate::Hasher;
use crate::describe::{Kind, TypeRef};

/// `Ipv4Addr` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Ipv4Abi {
    /// `127.0.0.1` begins with 127.
    pub octets: [u8; 4],
}

/// `Ipv6Addr` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Ipv6Abi {
    /// In network byte order.
    pub octets: [u8; 16],
}

/// `IpAddr` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct IpAbi {
    /// 4 or 6.
    pub version: u32,
    /// All sixteen, or the first four and zeros that are not read.
    pub octets: [u8; 16],
}

/// `SocketAddr` on the wire.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct SocketAbi {
    /// The address.
    pub ip: IpAbi,
    /// The flow of an IPv6 address, else 0 and not read.
    pub flow: u32,
    /// The scope of an IPv6 address, else 0 and not read.
    pub scope: u32,
    /// The port, in the byte order of the machine.
    pub port: u16,
}

// SAFETY: four octets, each of any value.
unsafe impl PluginType for Ipv4Addr {
    type Abi = Ipv4Abi;
    const ID: u128 = Hasher::new().text("Ipv4Addr").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<Ipv4Abi>(Self::ID, Kind::Std, "Ipv4Addr", &[]) });

    #[inline]
    fn into_abi(self) -> Ipv4Abi {
        Ipv4Abi { octets: self.octets() }
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: Ipv4Abi) -> Result<Self, Invalid> {
        Ok(Self::from(abi.octets))
    }
}

// SAFETY: sixteen octets, each of any value.
unsafe impl PluginType for Ipv6Addr {
    type Abi = Ipv6Abi;
    const ID: u128 = Hasher::new().text("Ipv6Addr").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<Ipv6Abi>(Self::ID, Kind::Std, "Ipv6Addr", &[]) });

    #[inline]
    fn into_abi(self) -> Ipv6Abi {
        Ipv6Abi { octets: self.octets() }
    }

    lent_as_it_is!();

    #[inline]
    unsafe fn from_abi(abi: Ipv6Abi) -> Result<Self, Invalid> {
        Ok(Self::from(abi.octets))
    }
}

// SAFETY: the version is checked before the octets are read.
unsafe impl PluginType for IpAddr {
    type Abi = IpAbi;
    const ID: u128 = Hasher::new().text("IpAddr").finish().0;
    const DESC: TypeRef = TypeRef::new(const { &built_in::<IpAbi>(Self::ID, Kind::Std, "IpAddr", &[]) });

    fn into_abi(self) -> IpAbi {
        match self {
            Self::V4(ip) => {
                let mut octets = [0; 16];
                octets[..4].copy_from_slice(&ip.octets());
                IpAbi { version: 4, octets }
            }
            Self::V6(ip) => IpAbi { version: 6, octets: ip.octets() },
        }
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: IpAbi) -> Result<Self, Invalid> {
        match (abi.version, abi.octets) {
            (4, [a, b, c, d, ..]) => Ok(Self::from([a, b, c, d])),
            (6, octets) => Ok(Self::from(octets)),
            (tag, _) => Err(Invalid::Tag { name: "IpAddr", tag }),
        }
    }
}

// SAFETY: as of `IpAddr`; the numbers have any value.
unsafe impl PluginType for SocketAddr {
    type Abi = SocketAbi;
    const ID: u128 = Hasher::new().text("SocketAddr").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &built_in::<SocketAbi>(Self::ID, Kind::Std, "SocketAddr", &[]) });

    fn into_abi(self) -> SocketAbi {
        let (flow, scope) = match self {
            Self::V4(_) => (0, 0),
            Self::V6(address) => (address.flowinfo(), address.scope_id()),
        };
        SocketAbi { ip: self.ip().into_abi(), flow, scope, port: self.port() }
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: SocketAbi) -> Result<Self, Invalid> {
        // SAFETY: it owns nothing, and is checked.
        Ok(match unsafe { IpAddr::from_abi(abi.ip) }? {
            IpAddr::V4(ip) => Self::V4(SocketAddrV4::new(ip, abi.port)),
            IpAddr::V6(ip) => Self::V6(SocketAddrV6::new(ip, abi.port, abi.flow, abi.scope)),
        })
    }
}
