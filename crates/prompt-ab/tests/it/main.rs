//! The promises of prompt-ab: the public hash, and tables that move nobody without need.

mod hash;
mod properties;
mod table;
