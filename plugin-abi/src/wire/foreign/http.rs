//! What the crate `http` has: methods, addresses and headers as text, a request and a response as structs of them.
//!
//! In: parts of a message. Out: their text, headers as pairs in their order, the same name as often as it is there. A
//! message's extensions are Rust values of its side's own, and stay there; so does the mark that a header is sensitive.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::mem::offset_of;

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};

use super::{of_struct, only, texts};
use crate::describe::{Member, TypeRef};
use crate::wire::{Invalid, Mirrors, PluginType, RawVec, Tuple2Abi, lent_as_it_is, unnamed};
use crate::{Hasher, InstanceName};

texts! {
    "http::Method" "Method" Method: |method| method.as_str(), |text| Method::from_bytes(text.as_bytes());
    "http::Uri" "Uri" Uri: |uri| uri.to_string(), |text| Uri::try_from(text);
    "http::HeaderName" "HeaderName" HeaderName: |name| name.as_str(), |text| HeaderName::try_from(text);
}

// SAFETY: a number, and `from_abi` accepts those that are a status only.
unsafe impl PluginType for StatusCode {
    type Abi = u16;
    const ID: u128 = Hasher::new().text("http::StatusCode").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &of_struct::<u16>(Self::ID, "StatusCode", const { &[only(u16::DESC)] }) });

    fn into_abi(self) -> u16 {
        self.as_u16()
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: u16) -> Result<Self, Invalid> {
        Self::from_u16(abi).map_err(|_| Invalid::Form { name: "StatusCode" })
    }
}

// SAFETY: a number, and `from_abi` accepts those of a version only.
unsafe impl PluginType for Version {
    type Abi = u16;
    const ID: u128 = Hasher::new().text("http::Version").finish().0;
    const DESC: TypeRef =
        TypeRef::new(const { &of_struct::<u16>(Self::ID, "Version", const { &[only(u16::DESC)] }) });

    /// 11 is HTTP/1.1, 20 is HTTP/2.
    fn into_abi(self) -> u16 {
        match self {
            Self::HTTP_09 => 9,
            Self::HTTP_10 => 10,
            Self::HTTP_2 => 20,
            Self::HTTP_3 => 30,
            // What most are, and what a version of later says it is to those who know no more.
            _ => 11,
        }
    }

    lent_as_it_is!();

    unsafe fn from_abi(abi: u16) -> Result<Self, Invalid> {
        Ok(match abi {
            9 => Self::HTTP_09,
            10 => Self::HTTP_10,
            11 => Self::HTTP_11,
            20 => Self::HTTP_2,
            30 => Self::HTTP_3,
            _ => return Err(Invalid::Form { name: "Version" }),
        })
    }
}

// SAFETY: the wire form is bytes, and `from_abi` accepts those that a header may have only.
unsafe impl PluginType for HeaderValue {
    type Abi = RawVec<u8>;
    const ID: u128 = Hasher::new().text("http::HeaderValue").finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &of_struct::<RawVec<u8>>(Self::ID, "HeaderValue", const { &[only(<Vec<u8>>::DESC)] }) },
    );

    fn into_abi(self) -> RawVec<u8> {
        self.as_bytes().to_vec().into_abi()
    }

    fn lend(&self, _: &mut Mirrors) -> RawVec<u8> {
        RawVec::lent(self.as_bytes())
    }

    unsafe fn from_abi(abi: RawVec<u8>) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let bytes = unsafe { <Vec<u8>>::from_abi(abi) }?;
        Self::try_from(bytes).map_err(|_| Invalid::Form { name: "HeaderValue" })
    }
}

type Headers = Vec<(HeaderName, HeaderValue)>;

// SAFETY: the pairs cross as tuples in a vector do.
unsafe impl PluginType for HeaderMap {
    type Abi = RawVec<Tuple2Abi<RawVec<u8>, RawVec<u8>>>;
    const ID: u128 = Hasher::new().text("http::HeaderMap").finish().0;
    const DESC: TypeRef = TypeRef::new(
        const { &of_struct::<Self::Abi>(Self::ID, "HeaderMap", const { &[only(Headers::DESC)] }) },
    );

    fn into_abi(self) -> Self::Abi {
        let pairs = self.iter().map(|(name, value)| (name.clone(), value.clone()));
        pairs.collect::<Headers>().into_abi()
    }

    fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
        let pairs = self.iter().map(|(name, value)| {
            Tuple2Abi(RawVec::lent(name.as_str().as_bytes()), RawVec::lent(value.as_bytes()))
        });
        RawVec::kept(pairs.collect(), mirrors)
    }

    unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
        // SAFETY: as the caller promises of `abi`.
        let pairs = unsafe { Headers::from_abi(abi) }?;
        let mut map = Self::new();
        for (name, value) in pairs {
            // More of them than a map holds is an error, where `append` would panic.
            map.try_append(name, value).map_err(|_| Invalid::Form { name: "HeaderMap" })?;
        }
        Ok(map)
    }
}

/// `Request<T>` on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct RequestAbi<B> {
    /// `GET`
    pub method: RawVec<u8>,
    /// The address.
    pub uri: RawVec<u8>,
    /// 11 is HTTP/1.1.
    pub version: u16,
    /// Names and values.
    pub headers: <HeaderMap as PluginType>::Abi,
    /// The body.
    pub body: B,
}

/// `Response<T>` on the wire.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ResponseAbi<B> {
    /// 200 is OK.
    pub status: u16,
    /// 11 is HTTP/1.1.
    pub version: u16,
    /// Names and values.
    pub headers: <HeaderMap as PluginType>::Abi,
    /// The body.
    pub body: B,
}

/// A message: its parts, each under the name that the crate's own struct of parts has.
macro_rules! messages {
    ($($message:ident $name:literal $abi:ident { $($part:ident: $ty:ty),* };)*) => {$(
        // SAFETY: each part crosses as its own type does.
        unsafe impl<T: PluginType> PluginType for $message<T> {
            type Abi = $abi<T::Abi>;
            const ID: u128 = Hasher::new().text(concat!("http::", $name)).number(T::ID).finish().0;
            const DESC: TypeRef = TypeRef::new(const {
                let name = const { &InstanceName::of($name, &[T::DESC]) }.text();
                let members = const { &[
                    $(Member {
                        name: stringify!($part),
                        offset: offset_of!($abi<T::Abi>, $part),
                        ..unnamed(<$ty>::DESC)
                    },)*
                    Member { name: "body", offset: offset_of!($abi<T::Abi>, body), ..unnamed(T::DESC) },
                ] };
                &of_struct::<Self::Abi>(Self::ID, name, members)
            });

            fn into_abi(self) -> Self::Abi {
                let (parts, body) = self.into_parts();
                $abi { $($part: parts.$part.into_abi(),)* body: body.into_abi() }
            }

            fn lend(&self, mirrors: &mut Mirrors) -> Self::Abi {
                $abi { $($part: self.$part().lend(mirrors),)* body: self.body().lend(mirrors) }
            }

            unsafe fn from_abi(abi: Self::Abi) -> Result<Self, Invalid> {
                // All before the first answer is looked at, so that nothing leaks.
                $(
                    // SAFETY: each part is a wire form of its own, says the caller, and is read once.
                    let $part = unsafe { <$ty>::from_abi(abi.$part) };
                )*
                // SAFETY: as above.
                let mut message = Self::new(unsafe { T::from_abi(abi.body) }?);
                $(*messages!(place message $part) = $part?;)*
                Ok(message)
            }
        }
    )*};
    (place $message:ident method) => { $message.method_mut() };
    (place $message:ident uri) => { $message.uri_mut() };
    (place $message:ident version) => { $message.version_mut() };
    (place $message:ident status) => { $message.status_mut() };
    (place $message:ident headers) => { $message.headers_mut() };
}

messages! {
    Request "Request" RequestAbi { method: Method, uri: Uri, version: Version, headers: HeaderMap };
    Response "Response" ResponseAbi { status: StatusCode, version: Version, headers: HeaderMap };
}
