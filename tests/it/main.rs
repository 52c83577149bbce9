//! The tests of weft as a whole: the command, the data, the house.

mod architecture;
