/// Why a run cannot go on asking a language model.
public enum ConsultingError: Error, Hashable, Sendable {
    case modelChanged(run: String, wanted: String, found: String)
    case promptsChanged(run: String, folder: String?)
}

extension ConsultingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .modelChanged(let run, let wanted, let found):
            "run \(run) asks \(wanted), not \(found); name it with --model, or a recording of it"
        case .promptsChanged(let run, let folder):
            "the prompts of run \(run) have changed since it began"
                + (folder.map { ", those in \($0) or the program's" } ?? ", with the program")
                + "; put the old ones back, or begin a new run"
        }
    }
}
