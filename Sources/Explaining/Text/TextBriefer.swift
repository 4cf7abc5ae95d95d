import Inquiry
import Prompts
import Texts

/// Puts into words what a language model may know of a feature of texts: what the rule inducer may
/// know, and no more. Each question is made anew from the inquiry's state.
struct TextBriefer {
    /// A text with what the feature did on it.
    struct Known {
        let text: TextUnits
        /// The unit on which the feature is highest.
        let peak: Int?
        let value: Double
    }

    let laboratory: TextLaboratory
    let state: InquiryState
    let beginning: Beginning
    private let readings: TextPoolReadings

    private static let exemplars = 12
    private static let nearMisses = 8
    private static let weak = 4
    private static let background = 5
    private static let failures = 12
    private static let reviewed = 8

    init(laboratory: TextLaboratory, state: InquiryState) async throws {
        guard let beginning = state.beginning else { throw InquiryError.measuredBeforeBeginning }
        self.laboratory = laboratory
        self.state = state
        self.beginning = beginning
        readings = try await laboratory.readings(of: .propose)
    }

    func explainerBriefing(wanted: Int) async throws -> ExplainerBriefing {
        ExplainerBriefing(
            subject: subject, exemplars: exemplars(Self.exemplars),
            nearMisses: weak + nearMisses(Self.nearMisses),
            background: beginning.shown.background.prefix(Self.background).map(shown)
                .map(example),
            contrasts: try await contrasts(), wanted: wanted)
    }

    func analystBriefing(_ parent: HypothesisRecord) async throws -> AnalystBriefing {
        AnalystBriefing(
            subject: subject, leading: parent.briefed,
            failures: try await tests(
                state.failures(of: parent.hypothesis.id, atMost: Self.failures)),
            tried: state.records.map(\.tried), exemplars: exemplars(Self.exemplars / 2),
            contrasts: try await contrasts())
    }

    func designerBriefing(
        _ record: HypothesisRecord, wanted: Int, textLimit: Int
    ) -> DesignerBriefing {
        DesignerBriefing(
            subject: subject, hypothesis: record.hypothesis.quoted,
            rivals: state.rivals(of: record.hypothesis.id).map(\.quoted),
            exemplars: exemplars(Self.exemplars / 2), nearMisses: nearMisses(Self.nearMisses / 2),
            textLimit: textLimit, wanted: wanted)
    }

    func reviewerBriefing(_ leading: HypothesisRecord) async throws -> ReviewerBriefing {
        let rule = try TextRule.parse(leading.hypothesis.formula)
        let known = try await known()
        let limit = beginning.threshold.value
        let firing = known.filter { $0.value >= limit }.sorted { $0.value > $1.value }
        let missed = firing.filter { !rule.holds(in: $0.text) }
        let wrong = known.filter { $0.value < limit && rule.holds(in: $0.text) }
        return ReviewerBriefing(
            subject: subject, room: state.plan.hypotheses - state.records.count,
            tried: state.records.map(\.tried),
            explained: 1 - Double(missed.count) / Double(max(1, firing.count)),
            missed: missed.spread(Self.reviewed).map(example),
            wrong: wrong.spread(Self.reviewed).map(example),
            exemplars: exemplars(Self.exemplars / 2))
    }

    func concluderBriefing(
        _ record: HypothesisRecord, facets: [String]
    ) async throws -> ConcluderBriefing {
        ConcluderBriefing(
            subject: subject, explanation: record.briefed, facets: facets,
            tests: try await tests(telling(record.hypothesis.id)),
            tried: state.records.map(\.tried))
    }

    private var subject: TextBrief {
        let limits = laboratory.study.inducer
        return TextBrief(
            threshold: beginning.threshold.value, density: beginning.density,
            bar: state.plan.bar, maximumFacets: limits.facets, maximumLiterals: limits.literals,
            wordClasses: Self.wordClasses)
    }

    private static let wordClasses = WordClass.allCases.map { name in
        "\(name.rawValue) (\(name.words.sorted().spread(4).joined(separator: ", ")))"
    }.joined(separator: ", ")

    /// Half of what is shown are the strongest and half drawn from all, so an even spread of them by
    /// activation has every level.
    private func exemplars(_ wanted: Int) -> [TextExample] {
        beginning.shown.exemplars.map(shown)
            .sorted { $0.value > $1.value }.spread(wanted).map(example)
    }

    private func nearMisses(_ wanted: Int) -> [TextExample] {
        beginning.shown.nearMisses.spread(wanted).map(shown).map(example)
    }

    /// Silent texts on which the feature is nearly high enough.
    private var weak: [TextExample] {
        let silent = Set(beginning.shown.background).subtracting(beginning.shown.nearMisses)
        return silent.sorted().map(shown).filter { $0.value > 0 }
            .sorted { $0.value > $1.value }.prefix(Self.weak).map(example)
    }

    /// A text of the propose split.
    private func shown(_ index: Int) -> Known {
        Known(
            text: laboratory.study.corpus.propose.texts[index], peak: readings.places[index],
            value: Double(readings.values[index]))
    }

    private func example(_ known: Known) -> TextExample {
        TextExample(
            text: TextExcerpt.show(known.text, peak: known.value > 0 ? known.peak : nil),
            activation: known.value,
            level: known.value / max(beginning.threshold.maximum, .leastNormalMagnitude))
    }

    /// Every text that was shown or measured, once.
    private func known() async throws -> [Known] {
        let shown = beginning.shown
        var result = (shown.exemplars + Set(shown.nearMisses + shown.background).sorted())
            .map(self.shown)
        var seen = Set(result.map(\.text.text))
        let fresh = state.probes.filter {
            state.outcomes[$0.id - 1] != nil && seen.insert($0.input).inserted
        }
        result += try await measured(fresh.map(\.input)).compactMap(\.self)
        return result
    }

    /// What is in the memory of texts that were probes; nil where one could not be measured.
    private func measured(_ inputs: [String]) async throws -> [Known?] {
        let texts = inputs.map(laboratory.study.cache.units)
        let found = try await laboratory.measurements(of: inputs)
        return zip(texts, found).map { text, found in
            guard case .reading(let value, let byte) = found else { return nil }
            return Known(
                text: text, peak: byte.flatMap(text.unit(atByte:)), value: Double(value))
        }
    }

    private func tests(_ probes: [(Probe, Double)]) async throws -> [TextTest] {
        let known = try await measured(probes.map(\.0.input))
        return zip(probes, known).map { item, known in
            let (probe, value) = item
            let fires = value >= beginning.threshold.value
            let text = laboratory.study.cache.units(probe.input)
            return TextTest(
                number: probe.id, role: probe.role.rawValue,
                predicted: probe.prediction.rawValue,
                observed: (fires ? Prediction.fires : .silent).rawValue, activation: value,
                example: TextExcerpt.show(text, peak: value > 0 ? known?.peak : nil)
                    + "\n(how chosen: \(TextExcerpt.head(probe.note, 200)))")
        }
    }

    /// The newest failures of a hypothesis, and the first two predictions of each role that came true.
    private func telling(_ hypothesis: Int) -> [(Probe, Double)] {
        var chosen = state.failures(of: hypothesis, atMost: 6)
        var counts: [ProbeRole: Int] = [:]
        for probe in state.probes where probe.hypothesis == hypothesis {
            guard case .activation(let value)? = state.outcomes[probe.id - 1],
                (value >= beginning.threshold.value) == (probe.prediction == .fires),
                counts[probe.role, default: 0] < 2
            else { continue }
            counts[probe.role, default: 0] += 1
            chosen.append((probe, value))
        }
        return chosen.sorted { $0.0.id < $1.0.id }
    }

    private func contrasts() async throws -> String {
        PropertyContrasts(evidence: try await laboratory.evidence(state)).table
    }
}

extension HypothesisRecord {
    fileprivate var briefed: LeadingHypothesis {
        LeadingHypothesis(
            hypothesis: hypothesis.quoted, status: status.rawValue, roles: roleResults)
    }
}
