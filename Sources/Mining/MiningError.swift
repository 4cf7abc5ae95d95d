/// Why a run of `mine`, or a pack, cannot go on.
public enum MiningError: Error, Hashable, Sendable {
    case eventOutOfOrder(String)
    case dataChanged(run: String, path: String)
    case embeddingChanged(run: String, path: String)
    case notReproduced(sequence: Int, kind: String)
    case manifestUnreadable(run: String, reason: String)
    case unfinished(run: String)
    case packUnreadable(path: String, reason: String)
    case packAltered(path: String)
    case packNeedsModel(features: [String])
    case notWritten(path: String, reason: String)
    case noSuchRow(Int)
    case unusableRow(String)
    case needsModel(features: [String])
}

extension MiningError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .eventOutOfOrder(let kind):
            "event \"\(kind)\" cannot follow in this journal; run `conjecture verify` on this run"
        case .dataChanged(let run, let path):
            "\(path): the rows of run \(run) have changed since it began; put the old file back, name it "
                + "with --rows, or begin a new run"
        case .embeddingChanged(let run, let path):
            "the embedding model of run \(run) is not the one it began with (\(path)); put its files back, "
                + "or begin a new run"
        case .notReproduced(let sequence, let kind):
            "event \(sequence) (\(kind)): doing it again gives something else; the journal was altered, or "
                + "this is another version of conjecture"
        case .manifestUnreadable(let run, let reason):
            "run \(run): its manifest cannot be read (\(reason)); it is of another version"
        case .unfinished(let run):
            "run \(run) has not confirmed its features yet: conjecture resume \(run)"
        case .packUnreadable(let path, let reason):
            "\(path): this is no feature pack (\(reason)); name the folder that `conjecture mine` wrote"
        case .packAltered(let path):
            "\(path): the pack's content does not fit its hash; write it again with `conjecture mine`, or "
                + "restore it"
        case .packNeedsModel(let features):
            "the pack's \(features.joined(separator: ", ")) were scored by a language model: use their "
                + "local stand-ins with --stand-ins, at the loss that the pack's card states"
        case .notWritten(let path, let reason):
            "\(path): cannot be written (\(reason)); the journal is safe: free some space or name another "
                + "place"
        case .unusableRow(let reason): "\(reason); name another row with --row"
        case .noSuchRow(let number): "row \(number): there is none in this file"
        case .needsModel(let features):
            "\(features.joined(separator: ", ")): only a language model can tell; name one with --model"
        }
    }
}
