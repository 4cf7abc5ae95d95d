/// A list of words and phrases with a name, written by hand and kept in `Tools/Lexicons`.
public struct Lexicon: Hashable, Sendable {
    public let name: String
    /// What the words have in common.
    public let title: String
    /// Small letters; a final `*` stands for any ending.
    public let entries: [String]

    /// All built-in lexicons, in the order of their files.
    public static let all: [Lexicon] = [
        PackageResources.people_txt, PackageResources.stance_txt, PackageResources.sentiment_txt,
        PackageResources.subject_matter_txt,
    ].flatMap { read(String(decoding: $0, as: UTF8.self)) }

    /// The lexicon of this name, if there is one.
    public static func named(_ name: String) -> Lexicon? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Reads lines `= name: title`, each followed by entries between commas; `#` opens a comment.
    private static func read(_ text: String) -> [Lexicon] {
        var lexicons: [(name: String, title: String, body: String)] = []
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("= "), let colon = line.firstIndex(of: ":") {
                lexicons.append(
                    (
                        line.dropFirst(2)[..<colon].trimmed,
                        line[line.index(after: colon)...].trimmed, ""
                    ))
            } else if !lexicons.isEmpty {
                lexicons[lexicons.count - 1].body += line + " "
            }
        }
        return lexicons.map { lexicon in
            var seen: Set<String> = []
            let entries = lexicon.body.split(separator: ",").map(\.trimmed).filter {
                !$0.isEmpty && seen.insert($0).inserted
            }
            return Lexicon(name: lexicon.name, title: lexicon.title, entries: entries)
        }
    }
}
