import Instruments

extension DelphiResults {
    /// What was judged, as a run of delphi would leave it: each feature's first explanation, and what
    /// the judge said of its texts.
    public init(_ report: EvaluationReport) throws(InstrumentError) {
        self.init()
        for feature in report.features {
            guard let index = feature.index,
                let evaluation = feature.explanations.first(where: { $0.role == .judged })
            else { continue }
            let latent = try DelphiLatent(module: Self.module(feature.feature), index: index)
            explanations[latent] = evaluation.explanation.words
            scores["detection", default: [:]][latent] = evaluation.verdicts.map { verdict in
                DelphiVerdict(
                    tokens: verdict.text.pieces, activations: verdict.text.values,
                    isActivating: verdict.text.silence == nil, prediction: verdict.said)
            }
        }
    }

    /// The feature's name without its number.
    static func module(_ name: String) -> String {
        var module = name
        while module.last?.isNumber == true { module.removeLast() }
        while "/ #_-".contains(module.last ?? "x") { module.removeLast() }
        return module.isEmpty ? "features" : module
    }
}
