extension FeatureTool {
    /// What can be said of Python source without running it: its size, and that it defines the function that
    /// is called.
    ///
    /// - Throws: ``ToolError/tool(name:reason:)``.
    public static func checkPython(_ source: String) throws(ToolError) {
        _ = try FeatureTool(name: "edited", title: "Edited", kind: .python(source))
        let defines = source.split(whereSeparator: \.isNewline).contains { line in
            line.prefixMatch(of: /def\s+feature\s*\(/) != nil
        }
        guard defines else {
            throw .tool(
                name: "edited", reason: "it must define feature(text), which gives a number")
        }
    }
}
