import Inquiry

extension StudyManifest {
    /// What a report says of how it was made.
    var facts: [RunRecord.Fact] {
        subjectFacts + [.init("lessons known at the start", String(experienceCount))]
            + waveFacts + proposerFacts + [
                .init("bar", String(plan.bar)), .init("error budget", String(plan.errorBudget)),
                .init(
                    "firing threshold",
                    "\(plan.thresholdFraction) × the mean of the ten highest exemplar maxima"),
            ] + (plan.approval.map { [.init("waits for people", $0.words)] } ?? [])
    }

    private var subjectFacts: [RunRecord.Fact] {
        switch self {
        case .games(let manifest): manifest.subjectFacts
        case .texts(let manifest): manifest.subjectFacts
        }
    }

    private var waveFacts: [RunRecord.Fact] {
        guard let wave else { return [] }
        return [
            .init(
                "lessons of this run",
                "features are explained in waves of \(wave), controls last; each but those that a lot "
                    + "leaves out knows what earlier waves supported")
        ]
    }

    private var proposerFacts: [RunRecord.Fact] {
        guard let proposer else { return [] }
        return [
            .init("proposer", "\(proposer.identity.name) at \(proposer.identity.endpoint)"),
            .init("reply schema", "\(proposer.schemaForm.rawValue); every reply is checked here"),
        ]
            + proposer.prompts.map {
                .init("prompt \($0.name)", "version \($0.version), \($0.hash.hex.prefix(16))")
            }
    }
}

extension ExplainManifest {
    fileprivate var subjectFacts: [RunRecord.Fact] {
        [
            .init("model", subject.model), .init("autoencoder", subject.autoencoder),
            .init("hook point", subject.hook), .init("board", "\(subject.board)×\(subject.board)"),
            .init("subject digest", String(subject.identity.prefix(16))),
            .init("features", request.text), .init("seed", String(seed)),
            .init("games", "\(games), dealt to propose, tune and held-out by content hash"),
            controls.fact,
        ]
    }
}

extension TextManifest {
    fileprivate var subjectFacts: [RunRecord.Fact] {
        subject.place.facts + [
            .init("hook point", subject.hook),
            .init("subject digest", String(subject.identity.prefix(16))),
            .init("features", request.text), .init("seed", String(seed)),
            .init(
                "corpus",
                corpus.files.isEmpty ? "published exemplars" : corpus.files.joined(separator: ", ")),
            .init(
                "passages",
                "\(corpus.passages) of \(corpus.documents) documents, of at most \(corpus.passageLimit) "
                    + "words and marks, dealt to propose, tune, held-out and probes by the document's "
                    + "content hash"),
            controls.fact,
        ]
    }
}

extension TextSubjectReference.Place {
    fileprivate var facts: [RunRecord.Fact] {
        switch self {
        case .files(let model, let autoencoder):
            [.init("model", model), .init("autoencoder", autoencoder)]
        case .neuronpedia(let source): [.init("measured at", "neuronpedia.org, \(source)")]
        case .server(let address, let source): [.init("measured at", "\(address), \(source)")]
        }
    }
}

extension ExplainManifest.Controls {
    fileprivate var fact: RunRecord.Fact {
        .init("controls", "\(shuffled) shuffled features, \(directions) random directions")
    }
}
