import Foundation

/// The files that a subject consists of, as bytes.
public enum SubjectFiles {
    /// Streams name, length and content of a file, or of every file of a folder and the folders in it
    /// that holds weights, configurations or vocabularies, in the order of their paths.
    ///
    /// - Parameter consume: gets the bytes in order, piece by piece; must not keep the pointer.
    /// - Throws: ``SubjectError`` for a file that cannot be read.
    public static func hash(
        _ path: String, _ consume: (UnsafeRawBufferPointer) -> Void
    ) throws(SubjectError) {
        for (name, file) in try files(of: path) {
            let bytes = try MappedFile(path: file)
            Array("\(name)\0\(bytes.bytes.count)\0".utf8).withUnsafeBytes(consume)
            withExtendedLifetime(bytes) { consume(bytes.bytes) }
        }
    }

    private static let endings = [
        ".json", ".safetensors", ".npz", ".npy", ".pt", ".pth", ".bin", ".model", ".yaml",
    ]

    private static func files(
        of path: String
    ) throws(SubjectError) -> [(name: String, path: String)] {
        try FileKind.requireExistence(path)
        guard FileKind.isFolder(path) else { return [("", path)] }
        let names = FileManager.default.subpaths(atPath: path) ?? []
        return names.sorted().compactMap { name in
            guard endings.contains(where: name.hasSuffix), FileKind.isFile("\(path)/\(name)") else {
                return nil
            }
            return (name, "\(path)/\(name)")
        }
    }
}
