import Consulting
import Explaining
import Foundation
import HTTP
import Instruments
import Memory

/// What a run measures.
enum StudySubject {
    case games(OthelloSubject)
    case texts(any TextInstrument, TextMaterial)

    /// Keeps in the memory what a run cannot do without and could not make again.
    func keep(in store: Store, run: String) async throws {
        if case .texts(_, let material) = self { try await material.keep(in: store, run: run) }
    }

    /// The inquiries of a run about this subject.
    func study(
        _ manifest: StudyManifest, model: ConsultedModel?, store: Store, run: String
    ) async throws -> ExplainStudy {
        switch (self, manifest) {
        case (.games(let subject), .games(let manifest)):
            try await ExplainStudy.prepare(
                manifest: manifest, instrument: subject, model: model, store: store, run: run)
        case (.texts(let instrument, let material), .texts(let manifest)):
            try await ExplainStudy.prepare(
                manifest: manifest, instrument: instrument, material: material, model: model,
                store: store, run: run)
        default: throw ExplainError.subjectChanged(run: run)
        }
    }

    /// The subject of a run that has begun.
    ///
    /// - Parameters:
    ///   - model: the model's folder, where it is no longer where it was.
    ///   - autoencoder: the same of the autoencoder.
    static func again(
        _ manifest: StudyManifest, model: String?, autoencoder: String?, threads: Int, store: Store
    ) async throws -> StudySubject {
        switch manifest {
        case .games(let manifest):
            return .games(
                try OthelloSubject(
                    model: model ?? manifest.subject.model,
                    autoencoder: autoencoder ?? manifest.subject.autoencoder, threads: threads))
        case .texts(let manifest):
            let material = try await TextMaterial(manifest.corpus, from: store)
            let place: TextSubjectReference.Place
            if case .files(let oldModel, let oldAutoencoder) = manifest.subject.place {
                place = .files(
                    model: model ?? oldModel, autoencoder: autoencoder ?? oldAutoencoder)
            } else {
                place = manifest.subject.place
            }
            return .texts(try TextPlace.instrument(at: place, threads: threads), material)
        }
    }
}

/// Instruments of text by where they are.
enum TextPlace {
    static func instrument(
        at place: TextSubjectReference.Place, threads: Int
    ) throws -> any TextInstrument {
        switch place {
        case .files(let model, let autoencoder):
            try TextSubject(model: model, autoencoder: autoencoder, threads: threads)
        case .neuronpedia(let source):
            NeuronpediaInstrument(
                try NeuronpediaSource(parsing: source), at: try server())
        case .server(let address, let source):
            SelfHostedInstrument(
                try NeuronpediaSource(parsing: source), base: address, client: try HTTPClient())
        }
    }

    /// Neuronpedia, or the server that the environment names in its place.
    static func server() throws -> NeuronpediaServer {
        let base = ProcessInfo.processInfo.environment["NEURONPEDIA_BASE_URL"]
        return NeuronpediaServer(
            base: base ?? NeuronpediaServer.publicAddress, client: try HTTPClient())
    }
}
