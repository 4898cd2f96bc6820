//! What it is: contracts, methods and types as rustc compiled them.
