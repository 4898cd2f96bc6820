//! Traits that nobody here wrote, in the shape of well-known crates, as far as a contract can say them. What it cannot say
//! stands beside each.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};

use plugin_contracts::mock::{always, eq, str};
use plugin_contracts::{BoxStream, Buf, PluginType, plugin_contract};

/// What went wrong, as a word.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) enum Failure {
    /// It is not there.
    NotFound,
    /// Something else.
    Other(String),
}

/// A record of `log`: owned, because `Record<'_>` holds `fmt::Arguments`.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) struct Record {
    /// How grave.
    pub(crate) level: u8,
    /// What of.
    pub(crate) target: String,
    /// What.
    pub(crate) message: String,
}

/// `http::Request`, plain.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// The address.
    pub(crate) uri: String,
    /// The headers.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// `http::Response`, plain.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) struct Response {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// A value of a database.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) enum Datum {
    /// Nothing.
    Null,
    /// A number.
    Number(i64),
    /// Text.
    Text(String),
}

/// What an object store says of an object.
#[derive(Debug, Clone, PartialEq, PluginType)]
pub(crate) struct ObjectMeta {
    /// Where.
    pub(crate) location: String,
    /// How long.
    pub(crate) size: u64,
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $id:literal $name:ident { $($body:tt)* })*) => {$(
        $(#[$doc])*
        #[plugin_contract(id = $id, version = "1.0.0", mock)]
        #[allow(missing_docs, reason = "the names are those of the crates")]
        pub(crate) trait $name: Send + Sync { $($body)* }
    )*};
}

shapes! {
    /// `log::Log`; the record is owned.
    "shape.log" Log {
        fn enabled(&self, level: u8, target: &str) -> bool;
        fn log(&self, record: Record);
        fn flush(&self);
    }
    /// `embedded_hal::i2c::I2c`; without `transaction`, whose operations hold `&mut [u8]` in an enum.
    "shape.i2c" I2c {
        fn read(&mut self, address: u8, buffer: &mut [u8]) -> Result<(), Failure>;
        fn write(&mut self, address: u8, bytes: &[u8]) -> Result<(), Failure>;
        fn write_read(&mut self, address: u8, bytes: &[u8], buffer: &mut [u8]) -> Result<(), Failure>;
    }
    /// `embedded_hal::spi::SpiDevice<u8>`; the word is a byte, because a contract has no parameters.
    "shape.spi" SpiDevice {
        fn transfer(&mut self, read: &mut [u8], write: &[u8]) -> Result<(), Failure>;
        fn transfer_in_place(&mut self, buffer: &mut [u8]) -> Result<(), Failure>;
    }
    /// `embedded_hal::digital::OutputPin`.
    "shape.pin" OutputPin {
        fn set_low(&mut self) -> Result<(), Failure>;
        fn set_high(&mut self) -> Result<(), Failure>;
    }
    /// `embedded_hal::delay::DelayNs`, default bodies included.
    "shape.delay" DelayNs {
        fn delay_ns(&mut self, ns: u32);
        fn delay_us(&mut self, us: u32) {
            self.delay_ns(us * 1_000);
        }
    }
    /// `object_store::ObjectStore`; paths are text, options are left out.
    "shape.objects" ObjectStore {
        async fn put(&self, location: &str, payload: Buf) -> Result<(), Failure>;
        async fn get(&self, location: &str) -> Result<Buf, Failure>;
        async fn head(&self, location: &str) -> Result<ObjectMeta, Failure>;
        fn list(&self, prefix: Option<&str>) -> BoxStream<'_, ObjectMeta>;
    }
    /// `vfs::FileSystem`.
    "shape.files" FileSystem {
        fn read_dir(&self, path: &Path) -> Result<Box<dyn Iterator<Item = String> + Send + '_>, Failure>;
        fn open_file(&self, path: &Path) -> Result<Box<dyn File>, Failure>;
        fn exists(&self, path: &Path) -> Result<bool, Failure>;
    }
    /// `std::io::Read`, `Write` and `Seek` in one; errors are data.
    "shape.file" File {
        fn read(&mut self, buffer: &mut [u8]) -> Result<u64, Failure>;
        fn write(&mut self, bytes: &[u8]) -> Result<u64, Failure>;
        fn seek(&mut self, to: u64) -> Result<u64, Failure>;
    }
    /// A clock; `Instant` means nothing on the other side.
    "shape.clock" Clock {
        fn now(&self) -> SystemTime;
        fn elapsed(&self) -> Duration;
    }
    /// `reqwest_middleware`'s client; bodies are whole.
    "shape.http" HttpClient {
        async fn send(&self, request: Request) -> Result<Response, Failure>;
    }
    /// `rand_core::RngCore`.
    "shape.random" RngCore {
        fn next_u32(&mut self) -> u32;
        fn next_u64(&mut self) -> u64;
        fn fill_bytes(&mut self, dest: &mut [u8]);
    }
    /// `metrics::Recorder`; handles are objects.
    "shape.metrics" Recorder {
        fn register_counter(&self, name: &str, labels: Vec<(&str, &str)>) -> Box<dyn Counter>;
    }
    /// `metrics::CounterFn`.
    "shape.counter" Counter {
        fn increment(&self, value: u64);
        fn absolute(&self, value: u64);
    }
    /// `rustls::KeyLog`.
    "shape.keylog" KeyLog {
        fn log(&self, label: &str, client_random: &[u8], secret: &[u8]);
        fn will_log(&self, label: &str) -> bool {
            !label.is_empty()
        }
    }
    /// `sqlx::Executor`; the database is one, and rows are data.
    "shape.sql" Executor {
        async fn execute(&mut self, query: &str, arguments: Vec<Datum>) -> Result<u64, Failure>;
        fn fetch(&self, query: &str) -> BoxStream<'_, Result<Vec<Datum>, Failure>>;
    }
    /// `notify::Watcher`; events go to a closure.
    "shape.watch" Watcher {
        fn watch(&mut self, path: &Path, event: Box<dyn Fn(&str) -> bool + Send + Sync>) -> Result<(), Failure>;
        fn unwatch(&mut self, path: &Path) -> Result<(), Failure>;
    }
    /// `hickory_resolver`'s lookup.
    "shape.resolve" Resolve {
        async fn lookup_ip(&self, host: &str) -> Result<Vec<IpAddr>, Failure>;
    }
    /// `digest::DynDigest`.
    "shape.digest" Digest {
        fn update(&mut self, data: &[u8]);
        fn finalize_reset(&mut self) -> Box<[u8; 32]>;
        fn output_size(&self) -> usize;
        fn box_clone(&self) -> Box<dyn Digest>;
    }
}

#[test]
fn embedded_devices_answer_by_their_buffers() {
    let mut bus = MockI2c::new();
    bus.expect_write_read().with(eq(0x48), eq([0]), always()).returning(|_, _, buffer| {
        buffer.copy_from_slice(&[0x19, 0x80]);
        Ok(())
    });
    bus.expect_write().with(eq(0x49), always()).return_const(Err(Failure::NotFound));
    let mut buffer = [0; 2];
    assert_eq!(bus.write_read(0x48, &[0], &mut buffer), Ok(()));
    assert_eq!(buffer, [0x19, 0x80]);
    assert_eq!(bus.write(0x49, &[1]), Err(Failure::NotFound));
    let mut device = MockSpiDevice::new();
    device.expect_transfer_in_place().returning(|buffer| {
        buffer.reverse();
        Ok(())
    });
    let mut buffer = [1, 2];
    assert_eq!((device.transfer_in_place(&mut buffer), buffer), (Ok(()), [2, 1]));
    let mut pin = MockOutputPin::lenient();
    assert_eq!((pin.set_high(), pin.set_low()), (Ok(()), Ok(())));
    let mut delay = MockDelayNs::new();
    delay.expect_delay_ns().with(eq(5_000));
    delay.delay_us(5);
    let mut random = MockRngCore::new();
    random.expect_fill_bytes().returning(|dest| dest.fill(4));
    random.expect_next_u32().return_seq([4, 4]);
    let mut four = [0; 1];
    random.fill_bytes(&mut four);
    assert_eq!((four, random.next_u32(), random.next_u32()), ([4], 4, 4));
}

#[test]
fn services_answer_later() {
    let mut client = MockHttpClient::new();
    client
        .expect_send()
        .withf(|request| request.uri.ends_with("/health"))
        .returning(|_| Ok(Response { status: 200, body: vec![] }));
    let request = Request {
        method: "GET".to_owned(),
        uri: "/health".to_owned(),
        headers: BTreeMap::new(),
        body: vec![],
    };
    let answer = futures::executor::block_on(client.send(request.clone()));
    assert_eq!(answer.map(|response| response.status), Ok(200));
    assert_eq!(client.send_calls()[0].args.0, request);

    let mut store = MockObjectStore::new();
    store.expect_put().with(str::starts_with("logs/"), always()).return_const(Ok(()));
    store.expect_get().return_const(Err(Failure::NotFound));
    futures::executor::block_on(async {
        assert_eq!(store.put("logs/1", vec![1].into()).await, Ok(()));
        assert_eq!(store.get("logs/2").await, Err(Failure::NotFound));
    });
    let mut resolve = MockResolve::new();
    resolve.expect_lookup_ip().with(eq("localhost")).returning(|_| Ok(vec![IpAddr::from([127, 0, 0, 1])]));
    assert_eq!(futures::executor::block_on(resolve.lookup_ip("localhost")).map(|found| found.len()), Ok(1));
    let mut sql = MockExecutor::new();
    sql.expect_execute().with(str::is_like("INSERT*"), eq([Datum::Number(1)])).return_const(Ok(1));
    assert_eq!(futures::executor::block_on(sql.execute("INSERT 1", vec![Datum::Number(1)])), Ok(1));
}

#[test]
fn files_and_handles_are_objects() {
    let mut files = MockFileSystem::new();
    files.expect_open_file().with(eq(Path::new("/a").to_owned())).returning(|_| {
        let mut file = MockFile::new();
        file.expect_read().returning(|buffer| {
            buffer[0] = 7;
            Ok(1)
        });
        Ok(Box::new(file))
    });
    files.expect_read_dir().returning(|_| Ok(Box::new(["a", "b"].into_iter().map(ToOwned::to_owned))));
    let mut buffer = [0; 4];
    assert_eq!(files.open_file(Path::new("/a")).map(|mut file| file.read(&mut buffer)), Ok(Ok(1)));
    assert_eq!(files.read_dir(Path::new("/")).map(Iterator::count), Ok(2));

    let mut recorder = MockRecorder::new();
    recorder.expect_register_counter().returning(|_, labels| {
        assert_eq!(labels, [("env", "test")]);
        let mut counter = MockCounter::new();
        counter.expect_increment().with(eq(2)).times(2);
        Box::new(counter)
    });
    let counter = recorder.register_counter("hits", vec![("env", "test")]);
    counter.increment(2);
    counter.increment(2);
    let mut watcher = MockWatcher::new();
    watcher.expect_watch().returning(|_, event| event("changed").then_some(()).ok_or(Failure::NotFound));
    assert_eq!(watcher.watch(Path::new("/"), Box::new(|event| event == "changed")), Ok(()));
    let mut digest = MockDigest::new();
    digest.expect_box_clone().returning(|| Box::new(MockDigest::lenient()));
    digest.expect_finalize_reset().returning(|| Box::new([1; 32]));
    assert_eq!((digest.box_clone().output_size(), digest.finalize_reset()[0]), (0, 1));
}

#[test]
fn logs_and_clocks_are_looked_at_behind() {
    let log = MockLog::lenient();
    log.log(Record { level: 1, target: "t".to_owned(), message: "m".to_owned() });
    assert_eq!(log.log_calls()[0].args.0.message, "m");
    let mut keys = MockKeyLog::new();
    keys.expect_log().withf(|label, random, secret| label == "CLIENT" && random.len() == secret.len());
    assert!(keys.will_log("CLIENT"), "the default body");
    keys.log("CLIENT", &[1], &[2]);
    let mut clock = MockClock::new();
    let start = SystemTime::UNIX_EPOCH;
    clock.expect_now().return_seq([start, start + Duration::from_secs(1)]);
    assert_eq!(clock.now() + Duration::from_secs(1), clock.now());
}
