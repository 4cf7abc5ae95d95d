/// Runs Python that a language model wrote.
public enum PythonTool {
    /// Raised when the runner or the rules change what a source gives.
    public static let edition = 1
}
