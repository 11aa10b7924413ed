/** Why the sandbox did not take what was entered. */
export function FieldProblem({ problem }: { readonly problem: string | null }) {
  if (problem === null) return null
  return (
    <p class="field-error" role="alert">
      {problem}
    </p>
  )
}
