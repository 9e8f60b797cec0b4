//! What can be wrong with a test.

/// Why a test, or a file of tests, is refused. A test is named by its name in quotes, or where that cannot
/// be used, by its place in the file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadTest {
    /// A name that cannot be used.
    #[error("test {test}: the name {reason}")]
    Name {
        /// The test.
        test: String,
        /// What is wrong with the name.
        reason: &'static str,
    },
    /// Too many assertions.
    #[error("test {test}: {count} assertions are more than {limit}")]
    TooManyAssertions {
        /// The test.
        test: String,
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Variables that take too many bytes as JSON.
    #[error("test {test}: the variables take {bytes} bytes, more than {limit}")]
    VariablesTooLarge {
        /// The test.
        test: String,
        /// How many they take.
        bytes: usize,
        /// How many they may take.
        limit: usize,
    },
    /// A text of an assertion that is too long.
    #[error("test {test}: the text of `{assertion}` takes {bytes} bytes, more than {limit}")]
    TextTooLong {
        /// The test.
        test: String,
        /// The assertion, shortened.
        assertion: String,
        /// How many it takes.
        bytes: usize,
        /// How many it may take.
        limit: usize,
    },
    /// A pattern that cannot be used.
    #[error("test {test}: the pattern {pattern} cannot be used: {reason}")]
    Pattern {
        /// The test.
        test: String,
        /// The pattern in quotes, shortened.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two tests of one name.
    #[error("test {test}: there is another test of this name")]
    Duplicate {
        /// The test.
        test: String,
    },
    /// A file that is not JSON, or does not hold tests.
    #[error("the tests cannot be read: {reason}")]
    Unreadable {
        /// What is wrong, and where.
        reason: String,
    },
}
