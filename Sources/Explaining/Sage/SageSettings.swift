/// The sizes and thresholds of SAGE (Han et al., "SAGE", EACL 2026 industry track, arXiv 2511.20820),
/// which is reproduced here as a baseline, from a description of its method and in our own words.
///
/// Where the paper and the published program differ, each value says whose it is. Defects that change
/// results are kept: thresholds are absolute, the model sets every verdict, what the reviewer asks for
/// never moves a status, and hypotheses are tested one after the other in one chat that grows. Defects
/// of engineering are not: it does not sleep, it does not take a reply that says "error" for a
/// failure, and it puts no canned text in the place of a reply that cannot be read.
public struct SageSettings: Codable, Hashable, Sendable {
    /// Exemplars shown; paper and program.
    public var exemplars = 10
    /// Tokens shown on each side of an exemplar's strongest one; program.
    public var window = 5
    /// Hypotheses asked for, one of them a negative control; paper and program.
    public var hypotheses = 4
    /// With fewer, the explainer is asked again; program.
    public var fewestHypotheses = 3
    /// Rounds of designing, running, analysing and updating over all hypotheses; paper. The program's
    /// option for it never reaches the loop, whose tests have no bound at all.
    public var rounds = 14
    /// Rounds that one hypothesis may take. Our own, so that 14 rounds reach every hypothesis.
    public var testsPerHypothesis = 4
    /// Times that the reviewer may ask for more tests; program.
    public var reviews = 3
    /// Tests that the reviewer may ask for, for each hypothesis; program.
    public var supplementalTests = 3
    /// Latest tests that the designer is reminded of, and characters of each; program.
    public var testsQuoted = 5
    public var charactersQuoted = 40
    /// Tokens of exemplars at least this active are offered to the designer, so many of them; program,
    /// absolute whatever the feature's scale.
    public var strongToken: Float = 10
    public var strongTokensOffered = 3
    /// What the model is told to hold for clearly active and clearly silent; program, absolute.
    public var clearlyHigh: Float = 2
    public var clearlyLow: Float = 0.5
    /// Characters of a test: what the designer is told, and what is let through; program.
    public var charactersAskedFor = 200
    public var charactersAllowed = 300
    /// Tokens of a test whose activations are shown; program.
    public var tokensShown = 32
    /// Times that a reply in one of the forms is asked for; program, less its pauses.
    public var attempts = 3

    public init() {}
}
