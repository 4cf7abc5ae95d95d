import Digests
import Inquiry
import Instruments
import LinearAlgebra
import Statistics

/// Puts one explanation to a judge on one feature's texts and makes scores of the answers.
struct ExplanationTrial: Sendable {
    let explanation: CandidateExplanation
    let material: EvaluationMaterial
    let judge: any ExplanationJudge
    let settings: EvaluationSettings
    /// Decides in which order texts are shown.
    let stream: UInt64

    private var maker: ScoreMaker {
        ScoreMaker(replicates: settings.replicates, seed: settings.seed ^ stream)
    }

    private func generator(_ purpose: UInt64) -> SeededGenerator {
        SeededGenerator(seed: settings.seed, stream: stream ^ purpose)
    }

    private static let noFiring = "no text is left on which the feature fires"

    /// Every text is shown once, in an order that says nothing.
    func detection() async throws -> (scores: [JudgedScore], verdicts: [ShownVerdict]) {
        var texts = material.firing + material.silent
        var generator = generator(0xDE7E)
        texts.shuffle(using: &generator)
        let judgements = try await judge.applies(explanation, to: texts.map(\.text))
        let answers = zip(texts, judgements).map { text, judgement in
            let isTrue = text.silence == nil
            return TextAnswer(
                judgement, { SumStatistics.counts(said: $0, isTrue: isTrue) },
                wrong: SumStatistics.counts(said: !isTrue, isTrue: isTrue))
        }
        let hard = zip(texts, answers).filter { $0.0.silence?.isHard ?? true }.map(\.1)
        let scores = [
            scoreTelling(.detection, answers, from: material.silent),
            scoreTelling(.detectionHard, hard, from: material.hard),
        ]
        let verdicts = zip(texts, judgements).map { ShownVerdict(text: $0, said: $1.value) }
        return (scores, verdicts)
    }

    private func scoreTelling(
        _ metric: EvaluationMetric, _ answers: [TextAnswer], from silent: [MeasuredText]
    ) -> JudgedScore {
        if material.firing.isEmpty { return .none(metric, Self.noFiring) }
        if silent.isEmpty { return .none(metric, "no silent text of this kind is there") }
        return maker.score(
            metric, answers, nothing: Self.noFiring, statistic: SumStatistics.balancedAccuracy)
    }

    /// Every firing text is shown twice, in different questions: with the pieces that fire marked, and
    /// with as many that do not.
    func fuzzing() async throws -> JudgedScore {
        var generator = generator(0xF022)
        var pairs: [(right: MarkedText, wrong: MarkedText)] = []
        for text in material.firing {
            let firing = text.values.indices.filter {
                material.threshold.isReached(by: text.values[$0])
            }
            let silent = text.values.indices.filter {
                text.values[$0] <= 0 && !text.pieces[$0].allSatisfy(\.isWhitespace)
            }
            guard !firing.isEmpty, silent.count >= firing.count else { continue }
            let wrong = generator.sample(firing.count, of: silent.count).map { silent[$0] }
            pairs.append(
                (
                    MarkedText(pieces: text.pieces, marked: Set(firing)),
                    MarkedText(pieces: text.pieces, marked: Set(wrong))
                ))
        }
        // The first pass has every second text right; the second pass shows the others.
        var passes: [[Judgement<Bool>]] = []
        for pass in 0..<2 {
            passes.append(
                try await judge.fits(
                    explanation,
                    marks: pairs.enumerated().map { ($0 + pass) % 2 == 0 ? $1.right : $1.wrong }))
        }
        let answers = pairs.indices.map { place in
            passes.indices.map { pass in
                let isTrue = (place + pass) % 2 == 0
                return TextAnswer(
                    passes[pass][place], { SumStatistics.counts(said: $0, isTrue: isTrue) },
                    wrong: SumStatistics.counts(said: !isTrue, isTrue: isTrue))
            }.reduceFirst(+)
        }
        return maker.score(
            .fuzzing, answers, nothing: "no firing text has silent pieces to mark",
            statistic: SumStatistics.balancedAccuracy)
    }

    /// Firing texts, and half as many silent ones, piece by piece.
    func prediction() async throws -> [JudgedScore] {
        var silent = material.silent
        var generator = generator(0x94ED)
        silent.shuffle(using: &generator)
        let firing = material.firing.prefix(settings.predicted)
        let texts = firing + silent.prefix((settings.predicted + 1) / 2)
        let judgements = try await texts.concurrentMap(limit: settings.concurrency) { text in
            try await judge.predict(explanation, on: text.pieces)
        }
        return scores(
            zip(texts, judgements).map { Predicted(text: $0, said: $1) }, firing: firing.count)
    }

    /// A text with what the judge predicted of each piece.
    private struct Predicted {
        let text: MeasuredText
        let said: Judgement<[Int]>

        var fires: Bool { text.silence == nil }

        func answer(
            wrong: [Double]? = nil, _ sums: ([Int]) -> [Double]?
        ) -> TextAnswer { TextAnswer(said, sums, wrong: wrong) }

        func moments(_ said: [Int]) -> [Double] {
            SumStatistics.moments(said.map(Double.init), text.values.map(Double.init))
        }
    }

    /// - Parameter firing: how many of the texts fire; they come first.
    private func scores(_ predicted: [Predicted], firing: Int) -> [JudgedScore] {
        func score(
            _ metric: EvaluationMetric, _ answers: [TextAnswer],
            _ statistic: ([Double]) -> Double?
        ) -> JudgedScore {
            maker.score(metric, answers, nothing: Self.noFiring, statistic: statistic)
        }
        let each = predicted.prefix(firing).map { text in
            text.answer(wrong: [0, 1]) {
                SumStatistics.correlation(text.moments($0)).map { [$0, 1] }
            }
        }
        let moments = predicted.map { $0.answer($0.moments) }
        let bins = predicted.map { text in
            text.answer(wrong: SumStatistics.bin(text.fires ? 0 : 10, fires: text.fires)) {
                SumStatistics.bin($0.max() ?? 0, fires: text.fires)
            }
        }
        return [
            score(.predictiveMean, each, SumStatistics.ratio),
            score(.predictivePooled, Array(moments.prefix(firing)), SumStatistics.correlation),
            score(.predictiveAll, moments, SumStatistics.correlation),
            score(.auroc, bins, SumStatistics.auroc),
        ]
    }

    /// Texts written from the explanation's words, measured.
    func generation(
        _ wording: Wording, with instrument: any TextInstrument, latent: Int
    ) async throws -> [JudgedScore] {
        let metrics = EvaluationMetric.generative(wording)
        let all = [metrics.loose, metrics.strict, metrics.specific]
        guard let words = explanation.words(wording) else {
            return all.map { .none($0, "there is no \(wording.rawValue)") }
        }
        let judgement = try await judge.write(
            from: words, source: explanation.source, count: settings.written)
        guard case .given(let written) = judgement else {
            let answers = (0..<settings.written).map { _ in
                TextAnswer(judgement, { _ in nil }, wrong: [0, 1])
            }
            return all.map {
                maker.score($0, answers, nothing: "", isShare: true, statistic: SumStatistics.ratio)
            }
        }
        let firing = try await measured(written.firing, instrument, latent)
        let silent = try await measured(written.silent, instrument, latent)
        let (loose, strict) = (material.threshold.value, material.threshold.ofMaximum)
        func share(
            _ metric: EvaluationMetric, _ outcomes: [Judgement<Double>], _ hit: (Double) -> Bool
        ) -> JudgedScore {
            maker.score(
                metric, outcomes.map { TextAnswer($0, { [hit($0) ? 1 : 0, 1] }, wrong: [0, 1]) },
                nothing: "no text was written", isShare: true, statistic: SumStatistics.ratio)
        }
        return [
            share(metrics.loose, firing) { $0 >= loose },
            share(metrics.strict, firing) { $0 >= strict },
            share(metrics.specific, silent) { $0 < min(loose, strict) },
        ]
    }

    private func measured(
        _ texts: [String], _ instrument: any TextInstrument, _ latent: Int
    ) async throws -> [Judgement<Double>] {
        try await instrument.readings(of: texts, latents: [latent]).map { outcome in
            switch outcome {
            case .failed(let reason): return .failed(reason: "not measured: \(reason)")
            case .reading(let reading):
                guard let greatest = reading.maximum(0)?.value else {
                    return .failed(reason: "not measured: it has no tokens")
                }
                return .given(Double(greatest))
            }
        }
    }
}

/// What a judge said of one text, beside the truth.
public struct ShownVerdict: Hashable, Sendable {
    public let text: MeasuredText
    /// Whether it said that the feature fires; nil where it gave no usable answer.
    public let said: Bool?
}
