import Statistics

/// What running a tool showed: nothing is believed of a tool that was not run.
public struct ToolCheck: Hashable, Sendable {
    /// What must be repaired, the gravest first; empty for a tool that may be used.
    public let faults: [Fault]
    /// The sample's values, when the tool gave any.
    public let values: [ToolValue]

    public enum Fault: Hashable, Sendable {
        case run(ToolRunFault)
        /// A unit example does not hold; `index` from 0.
        case example(index: Int, wanted: String, found: ToolValue)
        /// The same text got two values when it came in another order.
        case notDeterministic(textCount: Int)
        case mostlyMissing(share: Double, reason: String)
        case constant(value: Double)
        /// It says little but how long a text is.
        case lengthProxy(correlation: Double)
        case outOfRange(value: Double, range: ClosedRange<Double>)
    }

    /// Limits that a check holds a tool to.
    public struct Rules: Hashable, Sendable {
        /// The largest share of missing values.
        public var missingShare = 0.5
        /// The largest |Spearman's ρ| with the number of words.
        public var lengthCorrelation = 0.95
        /// How far values may lie; a prompt's scale is narrower.
        public var range = -1e9...1e9
        /// Fewer values than this say nothing of constancy or length.
        public var leastSample = 20

        public init() {}
    }

    public var passes: Bool { faults.isEmpty }

    /// Runs a tool on its examples and a sample, then on the sample backwards: a value must not
    /// depend on chance or on the texts that came before.
    public static func run(
        _ tool: FeatureTool, sample: [String], in sandbox: Sandbox?, rules: Rules = Rules(),
        limits: SandboxLimits = SandboxLimits()
    ) async -> ToolCheck {
        do throws(ToolRunFault) {
            return try await run(tool, sample: sample, rules: rules) {
                texts, _ throws(ToolRunFault) in
                try await tool.values(on: texts, in: sandbox, limits: limits)
            }
        } catch {
            return ToolCheck(faults: [.run(error)], values: [])
        }
    }

    /// The same for a tool that somebody else carries out.
    ///
    /// - Parameters:
    ///   - isRepeated: whether the sample is run a second time; it says nothing about right and wrong
    ///     where a language model answers.
    ///   - values: of texts, in their order. The attempt, 0 or 1, tells the second run from the first.
    public static func run<Failure: Error>(
        _ tool: FeatureTool, sample: [String], rules: Rules = Rules(), isRepeated: Bool = true,
        values: (_ texts: [String], _ attempt: Int) async throws(Failure) -> [ToolValue]
    ) async throws(Failure) -> ToolCheck {
        let examples = tool.examples.map(\.text)
        let first = try await values(examples + sample, 0)
        let second = isRepeated ? try await values(sample.reversed(), 1) : nil
        return judge(
            tool, exampleValues: Array(first.prefix(examples.count)), sample: sample,
            values: Array(first.dropFirst(examples.count)), again: second?.reversed(), rules: rules)
    }

    /// Judges values that are there, such as a prompt's answers.
    ///
    /// - Parameter again: the same texts' values once more; nil where a repetition says nothing
    ///   about right and wrong, as with a language model, whose reliability is measured elsewhere.
    /// - Precondition: as many values as examples, and as sample texts.
    public static func judge(
        _ tool: FeatureTool, exampleValues: [ToolValue], sample: [String], values: [ToolValue],
        again: [ToolValue]?, rules: Rules = Rules()
    ) -> ToolCheck {
        precondition(
            exampleValues.count == tool.examples.count && values.count == sample.count,
            "judge(\(tool.name)): \(exampleValues.count) and \(values.count) values")
        var faults: [Fault] = []
        for (index, example) in tool.examples.enumerated()
        where !example.holds(for: exampleValues[index]) {
            faults.append(
                .example(index: index, wanted: example.wanted, found: exampleValues[index]))
        }
        if let again {
            let changed = zip(values, again).count { $0.number != $1.number }
            if changed > 0 { faults.append(.notDeterministic(textCount: changed)) }
        }
        if case .prompt(let rubric) = tool.kind {
            let scale = rubric.scale.values
            faults += outside(Double(scale.lowerBound)...Double(scale.upperBound), values)
        } else {
            faults += outside(rules.range, values)
        }
        return ToolCheck(faults: faults + emptiness(sample, values, rules), values: values)
    }

    private static func outside(_ range: ClosedRange<Double>, _ values: [ToolValue]) -> [Fault] {
        values.lazy.compactMap(\.number).first { !range.contains($0) }
            .map { [.outOfRange(value: $0, range: range)] } ?? []
    }

    /// Whether the values say anything that the text's length does not.
    private static func emptiness(
        _ sample: [String], _ values: [ToolValue], _ rules: Rules
    ) -> [Fault] {
        guard values.count >= rules.leastSample else { return [] }
        let present = values.indices.filter { values[$0].number != nil }
        let missingShare = 1 - Double(present.count) / Double(values.count)
        if missingShare > rules.missingShare {
            return [.mostlyMissing(share: missingShare, reason: commonReason(values))]
        }
        let numbers = present.compactMap { values[$0].number }
        guard let first = numbers.first, numbers.contains(where: { $0 != first }) else {
            return numbers.first.map { [.constant(value: $0)] } ?? []
        }
        let lengths = ExpressionBatch([TextExpression(root: .fact(.words))])
            .columns(of: present.map { sample[$0] })[0]
        guard let correlation = RankStatistics.spearman(numbers, lengths),
            abs(correlation) > rules.lengthCorrelation
        else { return [] }
        return [.lengthProxy(correlation: correlation)]
    }

    private static func commonReason(_ values: [ToolValue]) -> String {
        var counts: [String: Int] = [:]
        for case .missing(let reason) in values { counts[reason, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    }
}

extension ToolCheck.Fault: CustomStringConvertible {
    /// For the proposer's repair: what is wrong, with the figures.
    public var description: String {
        switch self {
        case .run(let fault): fault.description
        case .example(let index, let wanted, let found):
            "example \(index + 1) should give \(wanted) and gives "
                + Self.text(found)
        case .notDeterministic(let count):
            "\(count) texts of the sample got another value the second time; use no chance, no "
                + "clock and nothing kept from text to text"
        case .mostlyMissing(let share, let reason):
            "\(Self.percent(share)) of the sample got no value (\(ToolError.line(reason)))"
        case .constant(let value): "every text of the sample got \(value)"
        case .lengthProxy(let correlation):
            "it only measures length (rank correlation \(Self.hundredths(correlation)) with the "
                + "number of words); divide by the words, or count something rarer"
        case .outOfRange(let value, let range):
            "it gave \(value), outside \(range.lowerBound) to \(range.upperBound)"
        }
    }

    private static func text(_ value: ToolValue) -> String {
        switch value {
        case .value(let number): "\(number)"
        case .missing(let reason): "none (\(ToolError.line(reason)))"
        }
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private static func hundredths(_ value: Double) -> String {
        "\((value * 100).rounded() / 100)"
    }
}
