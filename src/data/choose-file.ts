/** Lets a person choose a file, where there is no field for it. To be called while a key or a click is being handled. */

export function chooseFile(accept: string, take: (file: File) => void): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = accept
  input.addEventListener('change', () => {
    const file = input.files?.[0]
    if (file !== undefined) take(file)
  })
  input.click()
}
