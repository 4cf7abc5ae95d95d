import Instruments
import LanguageModels
import Texts

/// SAGE's inquiry into one latent: exemplars, four hypotheses, tests of each in turn, a review and a
/// conclusion, all in one chat.
///
/// Which of its choices follow the paper and which the program is said at ``SageSettings``. Between the
/// steps stands no arithmetic: statuses are what the model says.
struct SageInquiry {
    private let instrument: any TextInstrument
    private let latent: Int
    private let settings: SageSettings
    private let exemplars: [SageWindow]
    private var chat: SageChat
    private var record: SageRecord
    /// What was measured, beside the tests in the record.
    private var windows: [SageWindow?] = []

    /// - Parameters:
    ///   - exemplars: the texts on which the latent is strongest, strongest first.
    ///   - name: what the calls are kept under.
    init(
        instrument: any TextInstrument, latent: Int, exemplars: [SageWindow],
        model: any LanguageModel, name: String, settings: SageSettings
    ) {
        self.instrument = instrument
        self.latent = latent
        self.settings = settings
        self.exemplars = exemplars.prefix(settings.exemplars).map { $0.around(settings.window) }
        chat = SageChat(model: model, inquiry: name)
        record = SageRecord(exemplars: self.exemplars.count)
    }

    /// Explains the latent; without exemplars nothing is asked.
    mutating func run() async throws -> SageRecord {
        try await explain()
        for index in record.hypotheses.indices { try await test(index) }
        if !record.hypotheses.isEmpty {
            try await review()
            try await conclude()
        }
        return finished()
    }

    /// What the explainer says at once, without any test: the control that costs one call.
    mutating func runOneShot() async throws -> SageRecord {
        try await explain()
        return finished()
    }

    private func finished() -> SageRecord {
        var record = record
        record.usage = chat.usage
        return record
    }

    private mutating func explain() async throws {
        guard !exemplars.isEmpty else { return }
        let (most, fewest) = (settings.hypotheses, settings.fewestHypotheses)
        let texts = try await ask(
            SageWords.explain(exemplars, settings), step: "ANALYZE_EXEMPLARS", role: "explainer"
        ) { reply in
            let texts = SageReply.hypotheses(in: reply, most: most)
            return texts.count >= fewest ? texts : nil
        }
        record.hypotheses = (texts ?? []).enumerated().map {
            SageHypothesis(number: $0 + 1, text: $1)
        }
        record.firstHypotheses = record.hypotheses
    }

    /// Rounds of one hypothesis until the model calls it confirmed or refuted, or its share is spent.
    private mutating func test(_ index: Int) async throws {
        for _ in 0..<settings.testsPerHypothesis {
            guard record.rounds < settings.rounds, !record.hypotheses[index].status.isFinal else {
                return
            }
            record.rounds += 1
            guard let test = try await designed(record.hypotheses[index]) else { continue }
            try await analyze(test)
            try await update(index)
        }
    }

    private mutating func designed(_ hypothesis: SageHypothesis) async throws -> SageTest? {
        let limit = settings.charactersAllowed
        let own = record.tests.filter { $0.hypothesis == hypothesis.number }
        let words = SageWords.design(
            hypothesis, own, strongTokens: untestedStrongTokens(), settings)
        let design = try await ask(words, step: "DESIGN_TEST", role: "designer") {
            SageReply.design(in: $0, limit: limit)
        }
        guard let design else { return nil }
        return try await measured(
            design.text, for: hypothesis.number, expected: design.expected, isSupplemental: false)
    }

    /// Tokens of the exemplars above an absolute bar: none at all where a feature's scale is below it.
    private func untestedStrongTokens() -> [String] {
        var seen: Set<String> = []
        let strong = exemplars.flatMap(\.tokens).filter { $0.value >= settings.strongToken }
        return strong.map(\.text).filter { token in
            seen.insert(token).inserted && !record.tests.contains { $0.text.contains(token) }
        }.prefix(settings.strongTokensOffered).map { $0 }
    }

    private mutating func measured(
        _ text: String, for hypothesis: Int, expected: String, isSupplemental: Bool
    ) async throws -> SageTest {
        let outcome = try await instrument.readings(of: [text], latents: [latent]).first
        let window = outcome?.reading.flatMap { SageWindow($0, of: text) }
        let test = SageTest(
            hypothesis: hypothesis, text: text, expected: expected, activation: window?.maximum,
            isSupplemental: isSupplemental)
        record.tests.append(test)
        windows.append(window)
        return test
    }

    private mutating func analyze(_ test: SageTest) async throws {
        let words = SageWords.analyze(test, windows.last ?? nil, settings)
        _ = try await ask(words, step: "ANALYZE_RESULT", role: "analyzer") {
            SageReply.isAnalysis($0) ? true : nil
        }
    }

    /// Takes the model's word for the status. Tests that the reviewer asked for come after this, so
    /// they move none.
    private mutating func update(_ index: Int) async throws {
        let hypothesis = record.hypotheses[index]
        let count = record.tests.count { $0.hypothesis == hypothesis.number }
        let words = SageWords.update(hypothesis, tests: count, settings)
        let update = try await ask(words, step: "UPDATE_HYPOTHESIS", role: "updater") { reply in
            SageReply.update(in: reply).flatMap { $0.status == .unchanged && count >= 2 ? nil : $0 }
        }
        guard let update else { return }
        record.hypotheses[index].status = update.status
        if let refined = update.refined { record.hypotheses[index].text = refined }
    }

    private mutating func review() async throws {
        let (most, limit) = (settings.supplementalTests, settings.charactersAllowed)
        for _ in 0..<settings.reviews {
            record.reviews += 1
            let words = SageWords.review(record.hypotheses, record.tests, settings)
            let requests = try await ask(words, step: "REVIEW_ALL_HYPOTHESES", role: "reviewer") {
                SageReply.review(in: $0, most: most, limit: limit)
            }
            let numbers = Set(record.hypotheses.map(\.number))
            let known = (requests ?? []).filter { numbers.contains($0.hypothesis) }
            guard !known.isEmpty else { return }
            var results: [String] = []
            for request in known {
                let test = try await measured(
                    request.text, for: request.hypothesis, expected: "not said",
                    isSupplemental: true)
                results.append(SageWords.result(test, windows.last ?? nil, settings))
            }
            chat.tell(SageWords.supplemental(results))
        }
    }

    private mutating func conclude() async throws {
        let words = SageWords.conclude(record.hypotheses, record.tests)
        record.conclusion = try await ask(words, step: "FINAL_CONCLUSION", role: "concluder") {
            SageReply.conclusion(in: $0)
        }
    }

    /// Asks until the reply can be read, a few times at most.
    ///
    /// - Returns: nil where none could be read.
    private mutating func ask<Answer>(
        _ words: String, step: String, role: String, read: (String) -> Answer?
    ) async throws -> Answer? {
        for attempt in 0..<settings.attempts {
            let reply = try await chat.ask(
                attempt == 0 ? words : SageWords.again(step), as: role)
            if let answer = read(reply) { return answer }
            record.unreadableReplies += 1
        }
        return nil
    }
}
