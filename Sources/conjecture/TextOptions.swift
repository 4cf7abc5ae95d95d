import ArgumentParser
import Explaining
import Foundation
import Inquiry
import Instruments

/// What a study of text features reads, and where it measures.
struct TextOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Texts for a language model's features: JSON lines, or plain text whose documents are parted "
                + "by blank lines.", valueName: "file"), completion: .file())
    var corpus: [String] = []

    @Option(help: "The field of a JSON line that holds the text.")
    var field = "text"

    @Option(help: "Passages that are read at most; of more, documents are drawn with the seed.")
    var passages = TextMaterial.passageCount

    @Option(help: "Words and marks of a passage at most.")
    var passageLength = TextMaterial.passageLimit

    @Option(
        help: ArgumentHelp(
            "Measure elsewhere, without weights: neuronpedia:MODEL/SOURCE/INDEX, or "
                + "http://host:5002#MODEL/SOURCE/INDEX at an inference server of one's own.",
            valueName: "feature"))
    var from: String?

    func validate() throws {
        guard (200...1_000_000).contains(passages) else {
            throw ValidationError("--passages \(passages): give a number from 200 to 1000000.")
        }
        guard (8...512).contains(passageLength) else {
            throw ValidationError(
                "--passage-length \(passageLength): give a number from 8 to 512.")
        }
    }

    /// The subject in this process, with its texts.
    func local(
        model: String, autoencoder: String, threads: Int, seed: UInt64
    ) throws -> (subject: TextSubjectReference, instrument: any TextInstrument, TextMaterial) {
        guard !corpus.isEmpty else {
            throw ValidationError(
                "\(model) reads text: name texts to study it on with --corpus FILE.")
        }
        let material = try material(published: [], seed: seed)
        let subject = try TextSubject(model: model, autoencoder: autoencoder, threads: threads)
        for assumption in subject.assumptions {
            Console.error("\(assumption.name): \(assumption.value)")
        }
        let reference = TextSubjectReference(
            place: .files(model: model, autoencoder: autoencoder), name: subject.name,
            hook: "\(subject.hook)", latents: subject.latentCount,
            directions: subject.directionCount, identity: subject.identity.hex)
        return (reference, subject, material)
    }

    /// A feature that is measured elsewhere, on the exemplars that are published of it and on the corpus,
    /// if one is given.
    func remote(
        _ word: String, seed: UInt64
    ) async throws -> (
        subject: TextSubjectReference, instrument: any TextInstrument, TextMaterial, latent: Int
    ) {
        let (place, feature) = try Self.place(word)
        let published = try await TextPlace.server().published(feature)
        let material = try material(
            published: published.exemplars.compactMap(\.text), seed: seed)
        let instrument = try TextPlace.instrument(at: place, threads: 1)
        let reference = TextSubjectReference(
            place: place, name: instrument.name,
            hook: published.hookName ?? "\(feature.source)", latents: nil,
            directions: 0, identity: instrument.identity.hex)
        return (reference, instrument, material, feature.index)
    }

    private func material(published: [String], seed: UInt64) throws -> TextMaterial {
        try TextMaterial(
            files: corpus, field: field, passageLimit: passageLength, count: passages,
            published: published, seed: seed)
    }

    private static func place(
        _ word: String
    ) throws -> (TextSubjectReference.Place, NeuronpediaFeature) {
        if word.hasPrefix("neuronpedia:") {
            let feature = try NeuronpediaFeature(
                parsing: String(word.dropFirst("neuronpedia:".count)))
            return (.neuronpedia(source: "\(feature.source)"), feature)
        }
        let parts = word.split(separator: "#", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0].hasPrefix("http://") || parts[0].hasPrefix("https://")
        else {
            throw ValidationError(
                "--from \(word): write neuronpedia:MODEL/SOURCE/INDEX or "
                    + "http://host:port#MODEL/SOURCE/INDEX.")
        }
        let feature = try NeuronpediaFeature(parsing: parts[1])
        return (.server(address: parts[0], source: "\(feature.source)"), feature)
    }
}

extension InquiryPlan {
    /// For features of text that are measured in this process.
    static let text = InquiryPlan(
        trialsPerHypothesis: 96, hypotheses: 8, probes: 3_000, backgroundShown: 600)

    /// For features that are measured at a server: a request takes four texts, and requests are few.
    static let remote = InquiryPlan(
        trialsPerHypothesis: 48, hypotheses: 5, probes: 480, exemplarsRequired: 4,
        exemplarsShown: 24, backgroundShown: 300)
}
