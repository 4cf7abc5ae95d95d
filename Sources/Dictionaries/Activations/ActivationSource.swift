import Digests
import Foundation
import LinearAlgebra
import Subjects

/// Where activations come from: a model that reads texts or games, or a file.
///
/// A source is cut into pieces (contexts, games, runs of a file's rows), which are dealt to training and
/// measurement before anything is measured. The rows of a piece are the same bits whenever it is asked
/// for, with any number of threads.
public protocol ActivationSource: Sendable {
    /// What the written dictionary says of it.
    var facts: SourceFacts { get }
    /// Of a row.
    var width: Int { get }
    /// How many threads share a measurement.
    var threads: Int { get }

    /// What one part is cut into.
    func pieces(of part: DataPart) -> ActivationPieces

    /// The activations of some pieces, one row after the other.
    ///
    /// Blocks the calling thread; keep it off the cooperative pool.
    ///
    /// - Parameter body: is given each row, ``width`` floats.
    func forEachRow(
        of part: DataPart, _ pieces: ArraySlice<Int>, _ body: (UnsafeBufferPointer<Float>) -> Void
    ) throws(DictionaryError)

    /// Names all that decides the rows: files, place, the plan's choice of tokens.
    func identity() throws(DictionaryError) -> Digest
}

/// What rows are for.
public enum DataPart: Hashable, Sendable, CaseIterable {
    case training
    /// Kept from training, to be measured at the end.
    case heldOut
}

/// How many rows each piece of a part has.
public struct ActivationPieces: Hashable, Sendable {
    /// The first row of each piece, and an end.
    private(set) var starts = [0]

    init() {}

    init(rowCounts: some Sequence<Int>) {
        for count in rowCounts { add(rowCount: count) }
    }

    mutating func add(rowCount: Int) { starts.append(starts[count] + rowCount) }

    public var count: Int { starts.count - 1 }
    /// Of all pieces together.
    public var rowCount: Int { starts[count] }

    func rowCount(of piece: Int) -> Int { starts[piece + 1] - starts[piece] }

    var greatestRowCount: Int { (0..<count).reduce(0) { max($0, rowCount(of: $1)) } }
}

/// What the written dictionary says of where its activations came from.
public struct SourceFacts: Hashable, Sendable {
    /// Model, place and contexts.
    public var origin: SparseAutoencoder.Origin
    /// The names of the files, or how the games were made.
    public var dataName: String
    /// Over the data.
    public var dataDigest: Digest
    /// Names the model's arithmetic, or nil without a model.
    public var engine: String?
    /// Decides the weights of a model whose own were replaced by random ones, or nil.
    public var randomModel: UInt64?
}

extension ActivationSource {
    /// - Throws: ``DictionaryError/smallCorpus(part:tokens:least:)`` if a part has too few rows for a plan.
    func check(for plan: TrainingPlan) throws(DictionaryError) {
        for (part, name, least) in [
            (DataPart.training, "training part", plan.batchSize), (.heldOut, "held-out part", 2),
        ] {
            let count = pieces(of: part).rowCount
            guard count >= least else {
                throw .smallCorpus(part: name, tokens: count, least: least)
            }
        }
    }
}

extension SHA256 {
    /// Adds the files of a model. Folders in its folder do not count: dictionaries are often put there.
    mutating func update(modelAt path: String) throws(DictionaryError) {
        let endings = [".json", ".safetensors", ".bin", ".model"]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [""]
        do {
            for name in names.sorted() where name.isEmpty || endings.contains(where: name.hasSuffix)
            {
                let file = name.isEmpty ? path : path + "/" + name
                var isFolder: ObjCBool = false
                guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder),
                    !isFolder.boolValue
                else { continue }
                update(name + "\0")
                try SubjectFiles.hash(file) { update($0) }
            }
        } catch {
            throw .subject(error)
        }
    }
}
