// A worker that throws while it is loaded.
throw new Error('the model is broken')
