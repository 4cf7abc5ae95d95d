import Digests
import Inquiry
import Instruments
import LinearAlgebra
import Statistics
import Texts

/// Judges explanations of features, whoever wrote them, by what they let a judge predict.
///
/// Every score stands beside two controls: the same source's explanation of another feature, and the
/// rule that the inducer finds in texts that are kept apart. What the judge failed to answer is
/// counted beside the score and never made up.
public struct Evaluation: Sendable {
    public let settings: EvaluationSettings
    public let judge: any ExplanationJudge
    /// Measures texts that are written from explanations; nil to leave that out.
    public let instrument: (any TextInstrument)?

    public init(
        settings: EvaluationSettings, judge: any ExplanationJudge,
        instrument: (any TextInstrument)? = nil
    ) {
        self.settings = settings
        self.judge = judge
        self.instrument = instrument
    }

    private struct Job: Sendable {
        let feature: Int
        let role: ExplanationEvaluation.Role
        let explanation: CandidateExplanation
    }

    public func run(_ features: [MeasuredFeature]) async throws -> EvaluationReport {
        let materials = try await features.concurrentMap(limit: settings.concurrency) {
            EvaluationMaterial($0, among: features, settings)
        }
        let jobs = jobs(features, materials)
        let evaluations = try await jobs.concurrentMap(limit: settings.concurrency) { job in
            try await evaluate(job, features[job.feature], materials[job.feature])
        }
        let judged = zip(jobs, evaluations)
        let results = features.enumerated().map { place, feature in
            FeatureEvaluation(
                feature: feature.name, index: feature.index, material: materials[place].counts,
                explanations: judged.filter { $0.0.feature == place }.map(\.1))
        }
        return EvaluationReport(
            judge: judge.name, settings: settings, features: results,
            comparisons: SourceComparison.all(results, settings))
    }

    private func jobs(
        _ features: [MeasuredFeature], _ materials: [EvaluationMaterial]
    ) -> [Job] {
        features.indices.flatMap { place in
            var jobs = features[place].explanations.map {
                Job(feature: place, role: .judged, explanation: $0)
            }
            guard settings.controls else { return jobs }
            for explanation in features[place].explanations {
                guard let other = shuffled(explanation, of: place, features) else { continue }
                jobs.append(Job(feature: place, role: .shuffled, explanation: other))
            }
            if settings.halves, let rule = TextInducer(evidence: materials[place].evidence).induce()
            {
                jobs.append(
                    Job(
                        feature: place, role: .induced,
                        explanation: CandidateExplanation(
                            source: "rule inducer", label: rule.sentence, formula: rule.formula)))
            }
            return jobs
        }
    }

    /// What the same source says of another feature in other words. All features look equally far, so
    /// no explanation is used more often than another.
    private func shuffled(
        _ explanation: CandidateExplanation, of place: Int, _ features: [MeasuredFeature]
    ) -> CandidateExplanation? {
        guard features.count > 1 else { return nil }
        var generator = SeededGenerator(seed: settings.seed, stream: 0x5_4F)
        let first = 1 + generator.below(features.count - 1)
        for step in 0..<features.count {
            let other = (place + first + step) % features.count
            guard other != place,
                let found = features[other].explanations.first(where: {
                    $0.source == explanation.source
                        && $0.words.lowercased() != explanation.words.lowercased()
                })
            else { continue }
            return found.from("\(explanation.source), shuffled")
        }
        return nil
    }

    private func evaluate(
        _ job: Job, _ feature: MeasuredFeature, _ material: EvaluationMaterial
    ) async throws -> ExplanationEvaluation {
        let trial = ExplanationTrial(
            explanation: job.explanation, material: material, judge: judge, settings: settings,
            stream: SHA256.digest(of: feature.name).prefix64)
        let detection = try await trial.detection()
        var scores = detection.scores
        scores.append(try await trial.fuzzing())
        scores += try await trial.prediction()
        if let instrument, let latent = feature.index {
            for wording in Wording.allCases {
                scores += try await trial.generation(wording, with: instrument, latent: latent)
            }
        }
        return ExplanationEvaluation(
            role: job.role, explanation: job.explanation, scores: scores,
            facets: trial.facets(), verdicts: detection.verdicts)
    }
}

extension ExplanationTrial {
    /// Coverage of the firing activation by each facet of the explanation's formula.
    func facets() -> [FacetCoverage] {
        guard let formula = explanation.formula, let rule = try? TextRule.parse(formula) else {
            return []
        }
        let groups = material.firing.map { text in
            let holds = rule.facets.map { facet in
                TextRule([facet]).map { FormulaJudge.pieces(text.pieces, where: $0) } ?? []
            }
            var masses = [Double](repeating: 0, count: rule.facets.count + 2)
            for (piece, value) in text.values.enumerated()
            where material.threshold.isReached(by: value) {
                let facet = holds.firstIndex { $0[piece] } ?? rule.facets.count
                masses[facet] += Double(value)
                masses[rule.facets.count + 1] += Double(value)
            }
            return masses
        }
        var generator = SeededGenerator(seed: settings.seed, stream: stream ^ 0xFACE)
        return (0...rule.facets.count).compactMap { facet in
            Bootstrap.interval(
                groups: groups, replicates: settings.replicates, level: ScoreMaker.level,
                generator: &generator
            ) { $0[rule.facets.count + 1] > 0 ? $0[facet] / $0[rule.facets.count + 1] : nil }
            .map { share in
                FacetCoverage(
                    formula: facet < rule.facets.count ? rule.facets[facet].formula : nil,
                    share: share)
            }
        }
    }
}
