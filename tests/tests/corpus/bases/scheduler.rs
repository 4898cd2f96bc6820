//! A scheduler of jobs: a tree of tasks in, places and priorities out.

use plugin_contracts::{PluginType, plugin_contract};

pub type JobId = u128;
pub type Weight = i8;

#[derive(PluginType)]
pub struct Task {
    pub name: String,
    pub weight: Weight,
    pub parts: Vec<Task>,
}

#[derive(PluginType)]
pub struct Job {
    pub id: JobId,
    pub task: Task,
    pub after: Vec<JobId>,
    pub deadline: Option<u64>,
}

#[derive(PluginType)]
pub enum State {
    Waiting { on: Vec<JobId> },
    Running(u32, f32),
    Done(Result<u64, String>),
    Unknown,
}

#[derive(PluginType)]
pub struct Place(pub u16, pub Weight);

#[plugin_contract(id = "acme.scheduler", version = "5.2.0")]
pub trait Scheduler: Send {
    fn submit(&mut self, job: Job) -> Result<Place, String>;
    fn cancel(&mut self, job: JobId, force: bool) -> bool;
    fn state(&self, job: JobId) -> State;
    fn next(&mut self, workers: u16, now: u64) -> Option<Job>;
    fn weigh(&self, task: Task) -> Weight;
    #[since("5.1.0")]
    fn pause(&mut self, job: JobId) -> Result<(), String> {
        unimplemented!()
    }
    #[since("5.2.0")]
    fn load(&self) -> f32;
}
